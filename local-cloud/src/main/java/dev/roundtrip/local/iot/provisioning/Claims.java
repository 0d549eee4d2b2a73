package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.ClaimCertificate;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.time.Timetable;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** CreateProvisioningClaim: makes temporary claims, each a certificate that may do nothing but have a device
 * provisioned with one template, and ends them. Thread-safe.
 */
final class Claims {
    /** Ids of the certificates of claims. */
    private static final Table CLAIMS = new Table("provisioning_claims");

    private static final byte[] NOTHING = {};

    /** Our choice: no document has the policy of a temporary claim. */
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Connect","Resource":"arn:aws:iot:*:ACCOUNT:client/*"},
              {"Effect":"Allow","Action":["iot:Publish","iot:Receive"],"Resource":[
                "arn:aws:iot:*:ACCOUNT:topic/$aws/certificates/create/*",
                "arn:aws:iot:*:ACCOUNT:topic/$aws/certificates/create-from-csr/*",
                "arn:aws:iot:*:ACCOUNT:topic/$aws/provisioning-templates/TEMPLATE/provision/*"]},
              {"Effect":"Allow","Action":"iot:Subscribe","Resource":[
                "arn:aws:iot:*:ACCOUNT:topicfilter/$aws/certificates/create/*",
                "arn:aws:iot:*:ACCOUNT:topicfilter/$aws/certificates/create-from-csr/*",
                "arn:aws:iot:*:ACCOUNT:topicfilter/$aws/provisioning-templates/TEMPLATE/provision/*"]}]}
            """;

    private final ProvisioningEnvironment around;
    private final Templates templates;
    private final Timetable<ProvisioningTask> timetable;

    Claims(ProvisioningEnvironment around, Templates templates, Timetable<ProvisioningTask> timetable) {
        this.around = around;
        this.templates = templates;
        this.timetable = timetable;
    }

    Operation operation() {
        return Operation.answered(
                        "CreateProvisioningClaim",
                        "POST /provisioning-templates/{templateName}/provisioning-claim",
                        new Permission("iot:CreateProvisioningClaim", "provisioningtemplate/{templateName}"),
                        this::create)
                .taking(TemplateOperations.TEMPLATE_NAME);
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        ProvisioningTemplate template = templates.get(request.label("templateName"));
        // Before keys are made, which takes long.
        boolean unusedRoom = around.store().<Boolean, Refusal>read(Claims::demandRoom);
        Instant now = around.clock().instant();
        Instant expires = now.plus(OpenFacts.CLAIM);
        KeyPair keys = Answered.keys(around.keys());
        X509Certificate certificate =
                around.authority().certify(NewCertificates.SUBJECT, keys.getPublic(), OpenFacts.CLAIM);
        String id = CertificateId.of(certificate).value();
        String policy = POLICY.replace("ACCOUNT", Account.ID).replace("TEMPLATE", template.name());
        boolean unused = around.registry().<Boolean, Refusal>transact(change -> {
            boolean unusedRoomNow = demandRoom(change.rows());
            change.addClaim(new ClaimCertificate(id, policy, expires));
            change.rows().put(CLAIMS, id, NOTHING);
            timetable.put(change.rows(), expires, ProvisioningTask.END_CLAIM, id);
            return true;
        });
        timetable.watch(expires);
        ObjectNode answer = Answered.object()
                .put("certificateId", id)
                .put("certificatePem", Pem.of(certificate))
                .put("expiration", Answered.seconds(expires));
        answer.putObject("keyPair")
                .put("PublicKey", Pem.of(keys.getPublic()))
                .put("PrivateKey", Pem.pkcs1(keys.getPrivate()));
        return RestJson.ok(answer);
    }

    private static boolean demandRoom(Snapshot rows) throws Refusal {
        if (rows.page(CLAIMS, "", "", OpenFacts.MAX_CLAIMS).size() == OpenFacts.MAX_CLAIMS) {
            throw new Refusal(
                    ErrorType.THROTTLING_OF_CONTROL_PLANE,
                    "There are at most " + OpenFacts.MAX_CLAIMS + " claims at once");
        }
        return true;
    }

    /** A claim ends: its connections end too. */
    void end(String id) {
        boolean unused = around.registry().<Boolean, RuntimeException>transact(change -> {
            change.deleteClaim(id);
            change.rows().delete(CLAIMS, id);
            return true;
        });
    }
}
