package dev.roundtrip.local.http.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.auth.sigv4.Verdict.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What services say of a signature, fault by fault. */
class SignatureErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "NAMED, MISSING_TOKEN, 403, MissingAuthenticationTokenException, the text",
        "NAMED, INCOMPLETE_SIGNATURE, 403, IncompleteSignatureException, the text",
        "NAMED, INVALID_SIGNATURE, 403, InvalidSignatureException, the text",
        "NAMED, UNKNOWN_KEY, 403, UnrecognizedClientException, the text",
        "FORBIDDEN, MISSING_TOKEN, 403, ForbiddenException, the text",
        "FORBIDDEN, INCOMPLETE_SIGNATURE, 403, ForbiddenException, the text",
        "FORBIDDEN, INVALID_SIGNATURE, 403, ForbiddenException, the text",
        "FORBIDDEN, UNKNOWN_KEY, 403, ForbiddenException, the text",
        "XML, MISSING_TOKEN, 403, MissingAuthenticationToken, Request is missing Authentication Token",
        "XML, INCOMPLETE_SIGNATURE, 400, IncompleteSignature, the text",
        "XML, INVALID_SIGNATURE, 403, SignatureDoesNotMatch, the text",
        "XML, UNKNOWN_KEY, 403, InvalidClientTokenId, the text"
    })
    void each_fault_has_its_error(SignatureErrors errors, Reason reason, int status, String code, String message) {
        assertThat(errors.of(new Verdict.Refused(reason, "the text")))
                .isEqualTo(new SignatureErrors.Answer(status, code, message));
    }

    @Test
    void canonical_request_is_left_out() {
        Verdict.Refused wrong = new Verdict.Refused(
                Reason.INVALID_SIGNATURE, "Consult it.\n\nThe Canonical String for this request should have been");

        assertThat(SignatureErrors.NAMED.of(wrong).message()).isEqualTo("Consult it.");
    }
}
