package dev.roundtrip.auth.sigv4;

import java.time.Instant;

/** The key, the place and the time of the tests of this package. */
final class Examples {
    static final String KEY_ID = "AKIDEXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String REGION = "us-east-1";
    static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
    static final IamIdentity CALLER =
            new IamIdentity(KEY_ID, "123456789012", "AIDAEXAMPLE", "arn:aws:iam::123456789012:user/test");
    static final AccessKey KEY = AccessKey.of(CALLER, SECRET);

    private Examples() {}
}
