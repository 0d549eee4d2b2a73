package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.iot.provisioning.TemplateResource.OverrideSetting;
import java.time.Duration;

/** What AWS's documents leave open about provisioning; {@code docs/open-facts.md} says why each was chosen. */
final class OpenFacts {
    /** Whether a template can be used whose request does not say so. */
    static final boolean ENABLED_AT_FIRST = false;

    /** How many templates there may be; remembered from the page of quotas. */
    static final int MAX_TEMPLATES = 256;

    /** How many versions a template may have; remembered from the page of quotas. */
    static final int MAX_VERSIONS = 5;

    /** What becomes of a property of a thing that is there, where the template does not say. */
    static final OverrideSetting OVERRIDE_OF_A_THING = OverrideSetting.FAIL;

    /** What becomes of the status of a certificate that is there, where the template does not say. */
    static final OverrideSetting OVERRIDE_OF_A_STATUS = OverrideSetting.REPLACE;

    /** How many certificates may wait for their devices at once, of one claim and together. */
    static final int MAX_PENDING = 1_000;

    static final int MAX_PENDING_TOGETHER = 10_000;

    /** How many temporary claims there may be at once. */
    static final int MAX_CLAIMS = 1_000;

    /** How many requests of one client on one topic may be in flight. */
    static final int MAX_IN_FLIGHT = 10;

    /** How many parameters a device may send. */
    static final int MAX_PARAMETERS = 100;

    /** How long a claim's certificate counts. Source: AWS IoT developer guide, "Provisioning by trusted user". */
    static final Duration CLAIM = Duration.ofMinutes(5);

    /** How long a token counts. Source: AWS IoT developer guide, "Device provisioning MQTT API". */
    static final Duration TOKEN = Duration.ofHours(1);

    private OpenFacts() {}
}
