package dev.roundtrip.local.iot.certificate;

import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.local.keys.Certificates;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** The policy variables that tell what a certificate says of its subject and issuer.
 *
 * <p>Source of the names: AWS IoT Core developer guide, "X.509 Certificate AWS IoT Core policy variables". Left out are
 * those of alternative names, those that end with {@code .List}, and {@code iot:Certificate.AvailableKeys}.
 */
public final class CertificateVariables {
    private static final Map<ASN1ObjectIdentifier, String> ATTRIBUTES = Map.ofEntries(
            Map.entry(BCStyle.DN_QUALIFIER, "DistinguishedNameQualifier"),
            Map.entry(BCStyle.C, "Country"),
            Map.entry(BCStyle.O, "Organization"),
            Map.entry(BCStyle.OU, "OrganizationalUnit"),
            Map.entry(BCStyle.ST, "State"),
            Map.entry(BCStyle.CN, "CommonName"),
            Map.entry(BCStyle.SERIALNUMBER, "SerialNumber"),
            Map.entry(BCStyle.T, "Title"),
            Map.entry(BCStyle.SURNAME, "Surname"),
            Map.entry(BCStyle.GIVENNAME, "GivenName"),
            Map.entry(BCStyle.INITIALS, "Initials"),
            Map.entry(BCStyle.PSEUDONYM, "Pseudonym"),
            Map.entry(BCStyle.GENERATION, "GenerationQualifier"));

    private CertificateVariables() {}

    public static PolicyContext of(X509Certificate certificate) {
        PolicyContext context = PolicyContext.empty()
                .with("iot:CertificateId", CertificateId.of(certificate).value())
                .with(
                        "iot:Certificate.SerialNumber",
                        certificate.getSerialNumber().toString(16));
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        X500Name issuer =
                X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
        return with(with(context, "iot:Certificate.Subject.", subject), "iot:Certificate.Issuer.", issuer);
    }

    /** The first value of an attribute has its plain name; the others have {@code .1}, {@code .2} and so on behind it.
     */
    private static PolicyContext with(PolicyContext start, String prefix, X500Name name) {
        PolicyContext context = start;
        for (Map.Entry<ASN1ObjectIdentifier, String> attribute : ATTRIBUTES.entrySet()) {
            int index = 0;
            for (RDN rdn : name.getRDNs(attribute.getKey())) {
                for (AttributeTypeAndValue value : rdn.getTypesAndValues()) {
                    if (value.getType().equals(attribute.getKey())) {
                        String suffix = index == 0 ? "" : "." + index;
                        context = context.with(
                                prefix + attribute.getValue() + suffix, Certificates.text(value.getValue()));
                        index++;
                    }
                }
            }
        }
        return context;
    }
}
