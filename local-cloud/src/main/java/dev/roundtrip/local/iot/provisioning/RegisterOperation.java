package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedCertificate;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RegisterThing over HTTP: a thing by a template that the request brings. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}.
 */
final class RegisterOperation {
    private final ProvisioningEnvironment around;

    RegisterOperation(ProvisioningEnvironment around) {
        this.around = around;
    }

    Operation operation() {
        return Operation.answered(
                        "RegisterThing", "POST /things", new Permission("iot:RegisterThing", "*"), this::answer)
                .taking(
                        TemplateOperations.TEMPLATE_BODY,
                        Member.body("parameters").as(Member.Kind.OBJECT));
    }

    private HttpReply answer(OperationRequest request) throws Refusal {
        try {
            return register(request.json());
        } catch (ProvisioningRefusal refused) {
            throw new Refusal(refused.error().overHttp(), String.valueOf(refused.getMessage()));
        }
    }

    private HttpReply register(ObjectNode body) throws ProvisioningRefusal {
        JsonNode given = body.path("parameters");
        Map<String, String> parameters = DeviceRequest.parameters(given);
        Wanted wanted = Resolution.of(
                TemplateReader.read(body.path("templateBody").asText(), TemplateReader.Use.REGISTER_THING), parameters);
        WantedCertificate certificate = wanted.certificate();
        X509Certificate made = certificate == null || certificate.request().isEmpty() ? null : made(certificate);
        Map<String, String> arns = around.registry().<Map<String, String>, ProvisioningRefusal>transact(change -> {
            String id = certificate == null ? "" : certificate.id().toLowerCase(Locale.ROOT);
            if (certificate != null && made != null) {
                id = CertificateId.of(made).value();
                try {
                    var unused = change.addCertificate(made, certificate.status());
                } catch (RegistryException refused) {
                    throw new ProvisioningRefusal(
                            ProvisioningError.REGISTRATION_FAILED, String.valueOf(refused.getMessage()));
                }
            }
            return Registration.register(change, around.account(), wanted, id);
        });
        return RestJson.ok(reply(made, arns));
    }

    private static ObjectNode reply(@Nullable X509Certificate made, Map<String, String> arns) {
        ObjectNode answer = Answered.object();
        if (made != null) {
            answer.put("certificatePem", Pem.of(made));
        }
        ObjectNode list = answer.putObject("resourceArns");
        arns.forEach(list::put);
        return answer;
    }

    private X509Certificate made(WantedCertificate certificate) throws ProvisioningRefusal {
        SigningRequest request = NewCertificates.signingRequest(certificate.request());
        return around.authority().certify(request.subject(), request.key());
    }
}
