package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CreateThing, DescribeThing, ListThings, UpdateThing and DeleteThing, over HTTPS. */
class ThingOperationsTest {
    private final TestControlPlane test = new TestControlPlane();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private JsonNode thing(String name) {
        return test.ask("GET", "/things/" + name, "").body();
    }

    private static List<String> names(Answer list) {
        List<String> names = new ArrayList<>();
        list.body()
                .path("things")
                .forEach(thing -> names.add(thing.path("thingName").asText()));
        return names;
    }

    @Test
    void thing_is_made_described_and_deleted() {
        Answer made =
                test.ask("POST", "/things/pump-1", "{\"attributePayload\":{\"attributes\":{\"room\":\"cellar\"}}}");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.body().path("thingName").asText()).isEqualTo("pump-1");
        assertThat(made.body().path("thingArn").asText()).isEqualTo("arn:aws:iot:us-east-1:000000000000:thing/pump-1");
        JsonNode described = thing("pump-1");
        assertThat(described.path("thingId")).isEqualTo(made.body().path("thingId"));
        assertThat(described.path("defaultClientId").asText()).isEqualTo("pump-1");
        assertThat(described.path("attributes").path("room").asText()).isEqualTo("cellar");
        assertThat(described.path("version").asLong()).isEqualTo(1);
        assertThat(test.ask("DELETE", "/things/pump-1", "").status()).isEqualTo(200);
        assertThat(test.ask("GET", "/things/pump-1", "").error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void same_thing_is_made_again_and_another_of_its_name_is_refused() {
        Answer first = test.ask("POST", "/things/pump", "");

        Answer again = test.ask("POST", "/things/pump", "{}");
        Answer other =
                test.ask("POST", "/things/pump", "{\"attributePayload\":{\"attributes\":{\"room\":\"cellar\"}}}");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).isEqualTo("ResourceAlreadyExistsException");
        assertThat(other.body().path("resourceId")).isEqualTo(first.body().path("thingId"));
        assertThat(other.body().path("resourceArn")).isEqualTo(first.body().path("thingArn"));
    }

    @Test
    void update_replaces_or_merges_attributes_and_counts_versions() {
        test.ask("POST", "/things/pump", "{\"attributePayload\":{\"attributes\":{\"a\":\"1\",\"b\":\"2\"}}}");

        test.ask(
                "PATCH",
                "/things/pump",
                "{\"attributePayload\":{\"attributes\":{\"a\":\"\",\"c\":\"3\"},\"merge\":true}}");
        JsonNode merged = thing("pump");
        test.ask("PATCH", "/things/pump", "{\"attributePayload\":{\"attributes\":{\"d\":\"4\"}}}");
        JsonNode replaced = thing("pump");
        test.ask("POST", "/thing-types/pumps", "");
        test.ask("PATCH", "/things/pump", "{\"thingTypeName\":\"pumps\"}");
        JsonNode typed = thing("pump");

        assertThat(merged.path("attributes").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
        assertThat(merged.path("version").asLong()).isEqualTo(2);
        assertThat(replaced.path("attributes").toString()).isEqualTo("{\"d\":\"4\"}");
        assertThat(typed.path("attributes")).isEqualTo(replaced.path("attributes"));
        assertThat(typed.path("thingTypeName").asText()).isEqualTo("pumps");
        assertThat(typed.path("version").asLong()).isEqualTo(4);
    }

    @Test
    void version_that_is_not_the_things_is_a_conflict() {
        test.ask("POST", "/thing-types/x", "");
        test.ask("POST", "/things/pump", "");

        Answer update = test.ask("PATCH", "/things/pump", "{\"expectedVersion\":7,\"thingTypeName\":\"x\"}");
        Answer delete = test.ask("DELETE", "/things/pump?expectedVersion=7", "");
        Answer right = test.ask("PATCH", "/things/pump", "{\"expectedVersion\":1,\"thingTypeName\":\"x\"}");

        assertThat(update.status()).isEqualTo(409);
        assertThat(update.error()).isEqualTo("VersionConflictException");
        assertThat(delete.error()).isEqualTo("VersionConflictException");
        assertThat(right.status()).isEqualTo(200);
        assertThat(test.ask("DELETE", "/things/pump?expectedVersion=2", "").status())
                .isEqualTo(200);
    }

    @Test
    void thing_that_is_not_there_is_deleted_already_and_cannot_be_updated() {
        assertThat(test.ask("DELETE", "/things/nobody", "").status()).isEqualTo(200);
        assertThat(test.ask("PATCH", "/things/nobody", "{}").error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void things_are_listed_in_pages() {
        for (String name : new String[] {"c", "a", "b", "e", "d"}) {
            test.ask("POST", "/things/" + name, "");
        }

        Answer first = test.ask("GET", "/things?maxResults=2", "");
        Answer second = test.ask(
                "GET",
                "/things?maxResults=2&nextToken="
                        + first.body().path("nextToken").asText(),
                "");
        Answer third = test.ask(
                "GET",
                "/things?maxResults=2&nextToken="
                        + second.body().path("nextToken").asText(),
                "");

        assertThat(names(first)).containsExactly("a", "b");
        assertThat(names(second)).containsExactly("c", "d");
        assertThat(names(third)).containsExactly("e");
        assertThat(third.body().has("nextToken")).isFalse();
        assertThat(test.ask("GET", "/things?nextToken=!", "").error()).isEqualTo("InvalidRequestException");
    }

    @ParameterizedTest
    @CsvSource({
        "attributeName=room, a b",
        "attributeName=room&attributeValue=cellar, a",
        "attributeName=room&attributeValue=c, ''",
        "attributeName=room&attributeValue=c&usePrefixAttributeValue=true, a",
        "thingTypeName=pumps, c"
    })
    void things_are_listed_by_attribute_and_type(String query, String expected) {
        test.ask("POST", "/things/a", "{\"attributePayload\":{\"attributes\":{\"room\":\"cellar\"}}}");
        test.ask("POST", "/things/b", "{\"attributePayload\":{\"attributes\":{\"room\":\"attic\"}}}");
        test.ask("POST", "/thing-types/pumps", "");
        test.ask("POST", "/things/c", "{\"thingTypeName\":\"pumps\"}");

        Answer list = test.ask("GET", "/things?" + query, "");

        assertThat(String.join(" ", names(list))).isEqualTo(expected);
    }

    @Test
    void thing_without_a_type_has_at_most_three_attributes() {
        String four = "\"attributePayload\":{\"attributes\":{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\"}}}";

        assertThat(test.ask("POST", "/things/plain", "{" + four).error()).isEqualTo("InvalidRequestException");
        test.ask("POST", "/thing-types/t", "");
        assertThat(test.ask("POST", "/things/typed", "{\"thingTypeName\":\"t\"," + four)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void policy_is_asked_with_the_things_arn() {
        test.ask("POST", "/things/a%3Ab", "");

        assertThat(test.asked)
                .extracting(RequestAuthentication.Access::action, RequestAuthentication.Access::resource)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("iot:CreateThing", "thing/a:b"));
    }

    @Test
    void operation_that_is_not_served_says_so() {
        Answer answer = test.ask("POST", "/authorizer/mine", "{}");

        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.error()).isEqualTo("NotImplementedException");
        assertThat(answer.body().path("message").asText()).contains("CreateAuthorizer");
    }
}
