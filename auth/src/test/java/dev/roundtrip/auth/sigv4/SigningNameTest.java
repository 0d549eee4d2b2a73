package dev.roundtrip.auth.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningNameTest {
    private static SignedRequest request(String query, Header... headers) {
        return new SignedRequest("GET", "/", query, List.of(headers), new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS4-HMAC-SHA256 Credential=AKID/20150830/eu-central-1/iotdata/aws4_request, SignedHeaders=host",
                "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AKID/20150830/eu-central-1/iotdata/aws4_request"
            })
    void service_stands_in_the_scope_of_the_header(String authorization) {
        assertThat(SigningName.of(request("", new Header("authorization", authorization))))
                .hasValue("iotdata");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=b&X-Amz-Credential=AKID%2F20150830%2Feu-central-1%2Fiotdata%2Faws4_request&X-Amz-Date=c",
                "X-Amz-Credential=AKID%2f20150830%2feu-central-1%2fiotdata%2faws4_request",
                "X-Amz-Credential=AKID/20150830/eu-central-1/iotdata/aws4_request"
            })
    void service_stands_in_the_scope_of_the_query(String query) {
        assertThat(SigningName.of(request(query))).hasValue("iotdata");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer x", "AWS4-HMAC-SHA256 Credential=AKID/iotdata", "Credential=a/b/c//e"})
    void header_without_a_whole_scope_names_nobody(String authorization) {
        assertThat(SigningName.of(request("", new Header("Authorization", authorization))))
                .isEmpty();
    }

    @Test
    void request_is_signed_in_its_header_or_in_its_query() {
        assertThat(SigningName.isSigned(request("X-Amz-Signature=00"))).isTrue();
        assertThat(SigningName.isSigned(request("", new Header("AUTHORIZATION", "x"))))
                .isTrue();
        assertThat(SigningName.isSigned(request("X-Amz-Date=00"))).isFalse();
    }
}
