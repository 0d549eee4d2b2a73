package dev.roundtrip.auth.sigv4;

import java.util.StringJoiner;

/** Says what is wrong with a credential scope, everything at once and in AWS's words. */
final class ScopeFault {
    private ScopeFault() {}

    static String describe(ParsedAuthorization authorization, SigV4Settings settings) {
        CredentialScope scope = authorization.scope();
        StringJoiner faults = new StringJoiner(" ");
        if (!scope.region().equals(settings.region())) {
            faults.add("Credential should be scoped to a valid region, not '" + scope.region() + "'.");
        }
        if (settings.services().stream().noneMatch(service -> service.name().equals(scope.service()))) {
            faults.add("Credential should be scoped to correct service: '"
                    + settings.services().getFirst().name() + "'.");
        }
        if (!scope.terminator().equals(CredentialScope.TERMINATOR)) {
            faults.add("Credential should be scoped with a valid terminator: '" + CredentialScope.TERMINATOR
                    + "', not '" + scope.terminator() + "'.");
        }
        String day = authorization.date().substring(0, "yyyyMMdd".length());
        if (!scope.date().equals(day)) {
            faults.add("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + scope.date() + "' != '" + day + "', from '" + authorization.date() + "'.");
        }
        return faults.toString();
    }
}
