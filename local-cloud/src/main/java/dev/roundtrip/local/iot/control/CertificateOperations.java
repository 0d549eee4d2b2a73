package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.CertificateRegistry;
import dev.roundtrip.local.iot.registry.RegisteredCertificate;
import dev.roundtrip.local.iot.registry.RegisteredCertificate.Mode;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.keys.SigningRequest;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Makes, registers, describes, lists, changes and deletes certificates. Thread-safe. */
final class CertificateOperations {
    private static final Member CERTIFICATE_ID =
            Member.path("certificateId").length(64, 64).matching("(0x)?[a-fA-F0-9]+");
    private static final String[] STATUSES = {
        "ACTIVE", "INACTIVE", "REVOKED", "PENDING_TRANSFER", "REGISTER_INACTIVE", "PENDING_ACTIVATION"
    };
    private static final Member SET_AS_ACTIVE = Member.query("setAsActive").as(Member.Kind.FLAG);

    /** The name in certificates that are made with their keys, as AWS writes it. */
    private static final X500Principal SUBJECT = new X500Principal("CN=AWS IoT Certificate");

    private final CertificateRegistry certificates;
    private final Account account;
    private final Authority authority;
    private final RsaKeys keys;

    private CertificateOperations(Registry registry, Authority authority, RsaKeys keys) {
        this.certificates = new CertificateRegistry(registry);
        this.account = registry.account();
        this.authority = authority;
        this.keys = keys;
    }

    static List<Operation> of(Registry registry, Authority authority, RsaKeys keys) {
        CertificateOperations operations = new CertificateOperations(registry, authority, keys);
        return List.of(
                Answered.by(
                                "CreateKeysAndCertificate",
                                "POST /keys-and-certificate",
                                new Permission("iot:CreateKeysAndCertificate", "*"),
                                operations::createWithKeys)
                        .taking(SET_AS_ACTIVE),
                Answered.by(
                                "CreateCertificateFromCsr",
                                "POST /certificates",
                                new Permission("iot:CreateCertificateFromCsr", "*"),
                                operations::createFromRequest)
                        .taking(
                                Member.body("certificateSigningRequest")
                                        .length(1, 4096)
                                        .mandatory(),
                                SET_AS_ACTIVE),
                Answered.by(
                                "RegisterCertificateWithoutCA",
                                "POST /certificate/register-no-ca",
                                new Permission("iot:RegisterCertificateWithoutCA", "*"),
                                operations::register)
                        .taking(
                                Member.body("certificatePem").length(1, 65_536).mandatory(),
                                Member.body("status").oneOf(STATUSES)),
                Answered.by(
                                "DescribeCertificate",
                                "GET /certificates/{certificateId}",
                                on("DescribeCertificate"),
                                operations::describe)
                        .taking(CERTIFICATE_ID),
                Answered.by(
                                "ListCertificates",
                                "GET /certificates",
                                new Permission("iot:ListCertificates", "*"),
                                operations::list)
                        .taking(PAGE_SIZE, MARKER, ASCENDING),
                Answered.by(
                                "UpdateCertificate",
                                "PUT /certificates/{certificateId}",
                                on("UpdateCertificate"),
                                operations::update)
                        .taking(
                                CERTIFICATE_ID,
                                Member.query("newStatus").oneOf(STATUSES).mandatory()),
                Answered.by(
                                "DeleteCertificate",
                                "DELETE /certificates/{certificateId}",
                                on("DeleteCertificate"),
                                operations::delete)
                        .taking(CERTIFICATE_ID, Member.query("forceDelete").as(Member.Kind.FLAG)));
    }

    static final Member PAGE_SIZE = Member.query("pageSize").number(1, 250);
    static final Member MARKER = Member.query("marker").length(0, 1024);

    /** Is taken and changes nothing: lists are in the order of their keys. */
    static final Member ASCENDING = Member.query("isAscendingOrder").as(Member.Kind.FLAG);

    private static Permission on(String operation) {
        return new Permission("iot:" + operation, "cert/{certificateId}");
    }

    private HttpReply createWithKeys(OperationRequest request) throws RegistryException, Refusal {
        CertificateStatus status = firstStatus(request);
        KeyPair pair = Answered.keys(keys);
        ObjectNode body = create(SUBJECT, pair.getPublic(), status);
        body.putObject("keyPair")
                .put("PublicKey", Pem.of(pair.getPublic()))
                .put("PrivateKey", Pem.pkcs1(pair.getPrivate()));
        return RestJson.ok(body);
    }

    private HttpReply createFromRequest(OperationRequest request) throws RegistryException, Refusal {
        CertificateStatus status = firstStatus(request);
        SigningRequest wanted = SigningRequest.read(
                        request.json().path("certificateSigningRequest").asText())
                .orElseThrow(() -> Refusal.invalid("the certificate signing request cannot be read, or is not signed"
                        + " with the key that it has"));
        if (!DeviceKeys.isStrong(wanted.key())) {
            throw Refusal.invalid("a key is RSA of 2048 bits or more, or on a NIST curve of 256 bits or more");
        }
        return RestJson.ok(create(wanted.subject(), wanted.key(), status));
    }

    private ObjectNode create(X500Principal subject, PublicKey key, CertificateStatus status) throws RegistryException {
        X509Certificate certificate = authority.certify(subject, key);
        RegisteredCertificate added = certificates.add(certificate, status, Mode.DEFAULT);
        return names(added).put("certificatePem", added.pem());
    }

    private HttpReply register(OperationRequest request) throws RegistryException, Refusal {
        String wanted = Answered.text(request, "status");
        CertificateStatus status = wanted == null ? CertificateStatus.INACTIVE : status(wanted);
        X509Certificate certificate = Pem.certificate(
                        request.json().path("certificatePem").asText())
                .filter(read -> DeviceKeys.isStrong(read.getPublicKey()))
                .orElseThrow(() -> new Refusal(
                        ErrorType.CERTIFICATE_VALIDATION,
                        "certificatePem must hold one certificate, with an RSA key of 2048 bits or more, or a key on a"
                                + " NIST curve of 256 bits or more"));
        return RestJson.ok(names(certificates.add(certificate, status, Mode.SNI_ONLY)));
    }

    private ObjectNode names(RegisteredCertificate certificate) {
        return Answered.object()
                .put("certificateArn", account.certificateArn(certificate.id()))
                .put("certificateId", certificate.id());
    }

    private HttpReply describe(OperationRequest request) throws RegistryException {
        RegisteredCertificate found = certificates.get(id(request));
        ObjectNode body = Answered.object();
        ObjectNode description = body.putObject("certificateDescription");
        description.setAll(names(found));
        description
                .put("status", found.status().name())
                .put("certificatePem", found.pem())
                .put("ownedBy", Account.ID)
                .put("creationDate", Answered.seconds(found.created()))
                .put("lastModifiedDate", Answered.seconds(found.modified()))
                .put("customerVersion", found.version())
                .put("generationId", found.generation())
                .put("certificateMode", found.mode().name());
        Pem.certificate(found.pem())
                .ifPresent(certificate -> description
                        .putObject("validity")
                        .put(
                                "notBefore",
                                Answered.seconds(certificate.getNotBefore().toInstant()))
                        .put(
                                "notAfter",
                                Answered.seconds(certificate.getNotAfter().toInstant())));
        return RestJson.ok(body);
    }

    private HttpReply list(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "certificates",
                "nextMarker",
                certificates.list(Answered.page(request, "marker", "pageSize")),
                certificate -> names(certificate)
                        .put("status", certificate.status().name())
                        .put("certificateMode", certificate.mode().name())
                        .put("creationDate", Answered.seconds(certificate.created())));
    }

    private HttpReply update(OperationRequest request) throws RegistryException, Refusal {
        certificates.update(id(request), status(request.query().required("newStatus")));
        return Answered.nothing();
    }

    private HttpReply delete(OperationRequest request) throws RegistryException, Refusal {
        certificates.delete(id(request), request.query().flag("forceDelete"));
        return Answered.nothing();
    }

    private static CertificateStatus firstStatus(OperationRequest request) throws Refusal {
        return request.query().flag("setAsActive") ? CertificateStatus.ACTIVE : CertificateStatus.INACTIVE;
    }

    private static CertificateStatus status(String word) throws RegistryException {
        return switch (word) {
            case "ACTIVE" -> CertificateStatus.ACTIVE;
            case "INACTIVE" -> CertificateStatus.INACTIVE;
            case "REVOKED" -> CertificateStatus.REVOKED;
            default -> throw CertificateRegistry.notSet(word);
        };
    }

    private static String id(OperationRequest request) {
        return request.label("certificateId");
    }
}
