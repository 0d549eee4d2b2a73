package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies and their versions, over HTTPS. */
class PolicyOperationsTest {
    private final TestControlPlane test = new TestControlPlane();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private static String allowing(String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" + action
                + "\",\"Resource\":\"*\"}]}";
    }

    private Answer create(String name) {
        return test.ask("POST", "/policies/" + name, TestControlPlane.document(allowing("iot:Connect")));
    }

    private Answer addVersion(String query) {
        return test.ask("POST", "/policies/mine/version" + query, TestControlPlane.document(allowing("iot:Publish")));
    }

    private List<String> versions() {
        List<String> found = new ArrayList<>();
        for (JsonNode version :
                test.ask("GET", "/policies/mine/version", "").body().path("policyVersions")) {
            found.add(version.path("versionId").asText()
                    + (version.path("isDefaultVersion").asBoolean() ? " counts" : ""));
        }
        return found;
    }

    @Test
    void policy_is_made_once_read_and_deleted() {
        Answer made = create("mine");
        Answer again = create("mine");
        JsonNode read = test.ask("GET", "/policies/mine", "").body();

        assertThat(made.body().path("policyVersionId").asText()).isEqualTo("1");
        assertThat(made.body().path("policyArn").asText()).isEqualTo("arn:aws:iot:us-east-1:000000000000:policy/mine");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.error()).isEqualTo("ResourceAlreadyExistsException");
        assertThat(read.path("policyDocument").asText()).isEqualTo(allowing("iot:Connect"));
        assertThat(read.path("defaultVersionId").asText()).isEqualTo("1");
        assertThat(test.ask("DELETE", "/policies/mine", "").status()).isEqualTo(200);
        assertThat(test.ask("GET", "/policies/mine", "").error()).isEqualTo("ResourceNotFoundException");
        assertThat(test.ask("DELETE", "/policies/mine", "").error()).isEqualTo("ResourceNotFoundException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"Version\":\"2012-10-17\"}", "{\"Version\":\"2008-10-17\",\"Statement\":[]}"})
    void document_that_is_no_policy_is_malformed(String document) {
        Answer answer = test.ask("POST", "/policies/mine", TestControlPlane.document(document));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("MalformedPolicyException");
    }

    @Test
    void document_that_is_too_long_is_malformed() {
        String sid = "x".repeat(2_048);

        Answer answer = test.ask(
                "POST",
                "/policies/mine",
                TestControlPlane.document(
                        allowing("iot:Connect").replace("{\"Effect", "{\"Sid\":\"" + sid + "\",\"Effect")));

        assertThat(answer.error()).isEqualTo("MalformedPolicyException");
    }

    @Test
    void policy_has_at_most_five_versions_and_no_number_comes_twice() {
        create("mine");
        for (int i = 0; i < 4; i++) {
            assertThat(addVersion("").status()).isEqualTo(200);
        }

        Answer sixth = addVersion("");
        test.ask("DELETE", "/policies/mine/version/5", "");
        Answer after = addVersion("?setAsDefault=true");

        assertThat(sixth.status()).isEqualTo(409);
        assertThat(sixth.error()).isEqualTo("VersionsLimitExceededException");
        assertThat(after.body().path("policyVersionId").asText()).isEqualTo("6");
        assertThat(after.body().path("isDefaultVersion").asBoolean()).isTrue();
        assertThat(versions()).containsExactly("1", "2", "3", "4", "6 counts");
    }

    @Test
    void another_version_counts_when_it_is_made_the_default() {
        create("mine");
        addVersion("");

        Answer counting = test.ask("DELETE", "/policies/mine/version/1", "");
        test.ask("PATCH", "/policies/mine/version/2", "");

        assertThat(counting.error()).isEqualTo("DeleteConflictException");
        assertThat(test.ask("GET", "/policies/mine", "")
                        .body()
                        .path("policyDocument")
                        .asText())
                .isEqualTo(allowing("iot:Publish"));
        assertThat(test.ask("GET", "/policies/mine/version/1", "")
                        .body()
                        .path("isDefaultVersion")
                        .asBoolean())
                .isFalse();
        assertThat(test.ask("DELETE", "/policies/mine", "").error()).isEqualTo("DeleteConflictException");
        assertThat(test.ask("DELETE", "/policies/mine/version/1", "").status()).isEqualTo(200);
        assertThat(versions()).containsExactly("2 counts");
        assertThat(test.ask("GET", "/policies/mine/version/1", "").error()).isEqualTo("ResourceNotFoundException");
        assertThat(test.ask("DELETE", "/policies/mine", "").status()).isEqualTo(200);
    }

    @Test
    void policies_are_listed_in_pages() {
        create("b");
        create("a");
        create("c");

        Answer first = test.ask("GET", "/policies?pageSize=2", "");
        Answer second = test.ask(
                "GET",
                "/policies?pageSize=2&marker=" + first.body().path("nextMarker").asText(),
                "");

        assertThat(first.body().path("policies").findValuesAsText("policyName")).containsExactly("a", "b");
        assertThat(second.body().path("policies").findValuesAsText("policyName"))
                .containsExactly("c");
        assertThat(second.body().has("nextMarker")).isFalse();
    }
}
