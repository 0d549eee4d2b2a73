package dev.roundtrip.local.iot.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies on certificates, and certificates on things, over HTTPS. */
class AttachmentOperationsTest {
    private static final String EVERYTHING = "{\"Version\":\"2012-10-17\",\"Statement\":"
            + "[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}]}";
    private static final String NOBODY = "arn:aws:iot:us-east-1:000000000000:cert/" + "0".repeat(64);

    private final TestControlPlane test = new TestControlPlane();

    @SuppressWarnings("NullAway.Init") // set before each test
    private String certificate;

    @BeforeEach
    void begin() {
        certificate = test.certificate();
        test.ask("POST", "/policies/mine", TestControlPlane.document(EVERYTHING));
        test.ask("POST", "/things/pump", "");
        test.ask("POST", "/things/valve", "");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private Answer attach(String policy, String target) {
        return test.ask("PUT", "/target-policies/" + policy, TestControlPlane.target(target));
    }

    private Answer attachThing(String thing, String query) {
        return test.ask("PUT", "/things/" + thing + "/principals" + query, "", "x-amzn-principal", certificate);
    }

    private static String encoded(String arn) {
        return URLEncoder.encode(arn, UTF_8);
    }

    private static List<String> texts(Answer answer, String list) {
        List<String> texts = new ArrayList<>();
        answer.body().path(list).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void string_that_utf_8_cannot_write_is_refused() {
        String half = "arn:aws:iot:us-east-1:000000000000:thinggroup/" + "\\" + "ud800";

        Answer attached = test.ask("PUT", "/target-policies/mine", "{\"target\":\"" + half + "\"}");
        Answer made = test.ask(
                "POST", "/things/lamp", "{\"attributePayload\":{\"attributes\":{\"" + "\\" + "udc00\":\"x\"}}}");

        assertThat(attached.error()).isEqualTo("InvalidRequestException");
        assertThat(made.error()).isEqualTo("InvalidRequestException");
        assertThat(test.ask("GET", "/things/lamp", "").status()).isEqualTo(404);
    }

    @Test
    void policy_is_attached_listed_from_both_sides_and_detached() {
        assertThat(attach("mine", certificate).status()).isEqualTo(200);
        assertThat(attach("mine", certificate).status()).isEqualTo(200);

        assertThat(test.ask("POST", "/attached-policies/" + encoded(certificate), "")
                        .body()
                        .path("policies")
                        .findValuesAsText("policyName"))
                .containsExactly("mine");
        assertThat(texts(test.ask("POST", "/policy-targets/mine", ""), "targets"))
                .containsExactly(certificate);
        assertThat(test.ask("DELETE", "/policies/mine", "").error()).isEqualTo("DeleteConflictException");
        assertThat(test.ask("POST", "/target-policies/mine", TestControlPlane.target(certificate))
                        .status())
                .isEqualTo(200);
        assertThat(test.ask("POST", "/target-policies/mine", TestControlPlane.target(certificate))
                        .status())
                .isEqualTo(200);
        assertThat(texts(test.ask("POST", "/policy-targets/mine", ""), "targets"))
                .isEmpty();
        assertThat(test.ask("DELETE", "/policies/mine", "").status()).isEqualTo(200);
    }

    @Test
    void older_operations_do_the_same_with_another_header() {
        String header = "x-amzn-iot-principal";
        assertThat(test.ask("PUT", "/principal-policies/mine", "", header, certificate)
                        .status())
                .isEqualTo(200);

        assertThat(test.ask("GET", "/principal-policies", "", header, certificate)
                        .body()
                        .path("policies")
                        .findValuesAsText("policyName"))
                .containsExactly("mine");
        assertThat(texts(test.ask("GET", "/policy-principals", "", "x-amzn-iot-policy", "mine"), "principals"))
                .containsExactly(certificate);
        assertThat(texts(test.ask("POST", "/policy-targets/mine", ""), "targets"))
                .containsExactly(certificate);
        test.ask("DELETE", "/principal-policies/mine", "", header, certificate);
        assertThat(texts(test.ask("POST", "/policy-targets/mine", ""), "targets"))
                .isEmpty();
        assertThat(test.ask("PUT", "/principal-policies/mine", "", "x-amzn-principal", certificate)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void what_is_not_there_is_not_attached() {
        assertThat(attach("none", certificate).error()).isEqualTo("ResourceNotFoundException");
        assertThat(attach("mine", NOBODY).error()).isEqualTo("ResourceNotFoundException");
        assertThat(attach("mine", "arn:aws:iot:us-east-1:000000000000:thinggroup/none")
                        .error())
                .isEqualTo("ResourceNotFoundException");
        assertThat(attach("mine", "pump").error()).isEqualTo("InvalidRequestException");
        assertThat(attach("mine", "a\u0000b").error()).isEqualTo("InvalidRequestException");
        assertThat(attachThing("none", "").error()).isEqualTo("ResourceNotFoundException");
        assertThat(test.ask("PUT", "/things/pump/principals", "", "x-amzn-principal", NOBODY)
                        .error())
                .isEqualTo("ResourceNotFoundException");
    }

    @Test
    void certificate_has_at_most_ten_policies() {
        for (int i = 0; i < 10; i++) {
            test.ask("POST", "/policies/p" + i, TestControlPlane.document(EVERYTHING));
            assertThat(attach("p" + i, certificate).status()).isEqualTo(200);
        }

        Answer eleventh = attach("mine", certificate);

        assertThat(eleventh.status()).isEqualTo(410);
        assertThat(eleventh.error()).isEqualTo("LimitExceededException");
    }

    @Test
    void thing_with_a_certificate_is_not_deleted() {
        attachThing("pump", "");

        assertThat(texts(test.ask("GET", "/things/pump/principals", ""), "principals"))
                .containsExactly(certificate);
        assertThat(texts(test.ask("GET", "/principals/things", "", "x-amzn-principal", certificate), "things"))
                .containsExactly("pump");
        assertThat(test.ask("DELETE", "/things/pump", "").status()).isEqualTo(400);
        test.ask("DELETE", "/things/pump/principals", "", "x-amzn-principal", certificate);
        assertThat(texts(test.ask("GET", "/things/pump/principals", ""), "principals"))
                .isEmpty();
        assertThat(test.ask("DELETE", "/things/pump", "").status()).isEqualTo(200);
    }

    @Test
    void certificate_of_one_thing_alone_is_attached_to_no_other() {
        assertThat(attachThing("pump", "?thingPrincipalType=EXCLUSIVE_THING").status())
                .isEqualTo(200);

        assertThat(attachThing("valve", "").error()).isEqualTo("InvalidRequestException");
        assertThat(attachThing("pump", "?thingPrincipalType=NON_EXCLUSIVE_THING")
                        .status())
                .isEqualTo(200);
        assertThat(attachThing("valve", "").status()).isEqualTo(200);
        assertThat(attachThing("valve", "?thingPrincipalType=EXCLUSIVE_THING").error())
                .isEqualTo("InvalidRequestException");
        assertThat(test.ask(
                                "GET",
                                "/principals/things-v2?thingPrincipalType=NON_EXCLUSIVE_THING",
                                "",
                                "x-amzn-principal",
                                certificate)
                        .body()
                        .path("principalThingObjects")
                        .findValuesAsText("thingName"))
                .containsExactly("pump", "valve");
    }

    @Test
    void certificate_is_deleted_when_nothing_is_attached_any_more() {
        String path = "/certificates/" + certificate.substring(certificate.indexOf('/') + 1);
        attach("mine", certificate);
        attachThing("pump", "");
        test.ask("PUT", path + "?newStatus=INACTIVE", "");

        assertThat(test.ask("DELETE", path + "?forceDelete=true", "").error()).isEqualTo("DeleteConflictException");
        test.ask("DELETE", "/things/pump/principals", "", "x-amzn-principal", certificate);
        assertThat(test.ask("DELETE", path, "").error()).isEqualTo("DeleteConflictException");
        assertThat(test.ask("DELETE", path + "?forceDelete=true", "").status()).isEqualTo(200);

        assertThat(texts(test.ask("POST", "/policy-targets/mine", ""), "targets"))
                .isEmpty();
    }
}
