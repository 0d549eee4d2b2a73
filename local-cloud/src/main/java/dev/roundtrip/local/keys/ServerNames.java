package dev.roundtrip.local.keys;

import dev.roundtrip.local.store.StateException;
import io.netty.util.NetUtil;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The names by which clients reach the servers of the local cloud, as they stand in a certificate. */
public final class ServerNames {
    private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");
    private static final Pattern DNS_NAME = Pattern.compile(
            "(?=.{1,253}$)(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

    private ServerNames() {}

    /** The names of this machine to itself, and further ones.
     *
     * @throws StateException when one is neither a DNS name nor an address
     */
    public static GeneralNames with(List<String> further) throws StateException {
        Set<String> names = new LinkedHashSet<>(ALWAYS);
        names.addAll(further);
        GeneralName[] result = new GeneralName[names.size()];
        int index = 0;
        for (String name : names) {
            result[index++] = of(name);
        }
        return new GeneralNames(result);
    }

    private static GeneralName of(String name) throws StateException {
        if (NetUtil.isValidIpV4Address(name) || (NetUtil.isValidIpV6Address(name) && name.indexOf('%') < 0)) {
            return new GeneralName(GeneralName.iPAddress, name);
        }
        if (DNS_NAME.matcher(name).matches()) {
            return new GeneralName(GeneralName.dNSName, name);
        }
        throw new StateException("'" + name + "' is neither a DNS name nor an address that a server can have");
    }
}
