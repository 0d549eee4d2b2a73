package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.Utf8;
import dev.roundtrip.local.iot.registry.Account;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who runs a command: a thing of the registry, or an MQTT client. Immutable. */
record CommandTarget(Kind kind, String name) {

    /** What a target is. */
    enum Kind {
        THING("things", "[a-zA-Z0-9:_-]{1,128}"),
        /** A client id that can be a level of a topic. */
        CLIENT("clients", "[^/+#\\p{Cntrl}]{1,128}");

        private final String level;
        private final Pattern names;

        Kind(String level, String names) {
            this.level = level;
            this.names = Pattern.compile(names);
        }

        /** The level of topics that says so. */
        String level() {
            return level;
        }

        static Optional<Kind> ofLevel(String level) {
            return Arrays.stream(values())
                    .filter(kind -> kind.level.equals(level))
                    .findFirst();
        }

        private String resource() {
            return this == THING ? "thing/" : "client/";
        }

        private boolean takes(String name) {
            return names.matcher(name).matches() && Utf8.isMqttText(name);
        }
    }

    /** The target of an ARN.
     *
     * @throws Refusal when it is no ARN of a thing or a client of this account and region
     */
    static CommandTarget of(String arn, Account account) throws Refusal {
        for (Kind kind : Kind.values()) {
            String prefix = account.iotArn(kind.resource());
            if (arn.startsWith(prefix) && kind.takes(arn.substring(prefix.length()))) {
                return new CommandTarget(kind, arn.substring(prefix.length()));
            }
        }
        throw Refusal.invalid("targetArn must be the ARN of a thing or of a client of this account and region");
    }

    /** The target of two levels of a topic; empty when there can be none. */
    static Optional<CommandTarget> ofLevels(String kind, String name) {
        return Kind.ofLevel(kind).filter(known -> known.takes(name)).map(known -> new CommandTarget(known, name));
    }

    String arn(Account account) {
        return account.iotArn(kind.resource() + name);
    }
}
