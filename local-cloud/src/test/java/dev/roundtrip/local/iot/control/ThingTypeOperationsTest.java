package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CreateThingType, DescribeThingType, ListThingTypes, DeprecateThingType and DeleteThingType, over HTTPS. */
class ThingTypeOperationsTest {
    private static final String PUMPS = "/thing-types/pumps";

    private final TestControlPlane test = new TestControlPlane();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private Answer ask(String method, String path) {
        return test.ask(method, path, "");
    }

    private static void expectInvalid(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("InvalidRequestException");
    }

    @Test
    void thing_type_is_made_and_described() {
        Answer made = test.ask(
                "POST",
                PUMPS,
                "{\"thingTypeProperties\":{\"thingTypeDescription\":\"all pumps\",\"searchableAttributes\":[\"room\"]}}");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.body().path("thingTypeArn").asText())
                .isEqualTo("arn:aws:iot:us-east-1:000000000000:thingtype/pumps");
        JsonNode described = ask("GET", PUMPS).body();
        assertThat(described.path("thingTypeId")).isEqualTo(made.body().path("thingTypeId"));
        assertThat(described
                        .path("thingTypeProperties")
                        .path("thingTypeDescription")
                        .asText())
                .isEqualTo("all pumps");
        assertThat(described
                        .path("thingTypeProperties")
                        .path("searchableAttributes")
                        .toString())
                .isEqualTo("[\"room\"]");
        assertThat(described.path("thingTypeMetadata").path("deprecated").asBoolean())
                .isFalse();
    }

    @Test
    void same_thing_type_is_made_again_and_another_of_its_name_is_refused() {
        Answer first = ask("POST", PUMPS);

        Answer again = test.ask("POST", PUMPS, "{}");
        Answer other = test.ask("POST", PUMPS, "{\"thingTypeProperties\":{\"thingTypeDescription\":\"x\"}}");

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).isEqualTo("ResourceAlreadyExistsException");
    }

    @Test
    void thing_types_are_listed_in_pages_and_by_name() {
        for (String name : List.of("a", "b", "c")) {
            ask("POST", "/thing-types/" + name);
        }

        JsonNode first = ask("GET", "/thing-types?maxResults=2").body();
        JsonNode rest = ask(
                        "GET",
                        "/thing-types?nextToken=" + first.path("nextToken").asText())
                .body();
        JsonNode one = ask("GET", "/thing-types?thingTypeName=b").body();

        assertThat(names(first)).containsExactly("a", "b");
        assertThat(names(rest)).containsExactly("c");
        assertThat(names(one)).containsExactly("b");
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.path("thingTypes")
                .forEach(type -> names.add(type.path("thingTypeName").asText()));
        return names;
    }

    @Test
    void thing_is_given_a_type_that_is_there_and_not_deprecated() {
        Answer unknown = test.ask("POST", "/things/a", "{\"thingTypeName\":\"pumps\"}");
        ask("POST", PUMPS);
        Answer known = test.ask("POST", "/things/a", "{\"thingTypeName\":\"pumps\"}");
        ask("POST", PUMPS + "/deprecate");
        Answer deprecated = test.ask("POST", "/things/b", "{\"thingTypeName\":\"pumps\"}");
        test.ask("POST", PUMPS + "/deprecate", "{\"undoDeprecate\":true}");
        Answer again = test.ask("POST", "/things/b", "{\"thingTypeName\":\"pumps\"}");

        assertThat(unknown.error()).isEqualTo("ResourceNotFoundException");
        assertThat(known.status()).isEqualTo(200);
        expectInvalid(deprecated);
        assertThat(again.status()).isEqualTo(200);
    }

    @Test
    void thing_keeps_a_type_that_was_deprecated_and_may_be_updated() {
        ask("POST", PUMPS);
        test.ask("POST", "/things/a", "{\"thingTypeName\":\"pumps\"}");
        ask("POST", PUMPS + "/deprecate");

        Answer update = test.ask("PATCH", "/things/a", "{\"attributePayload\":{\"attributes\":{\"room\":\"1\"}}}");

        assertThat(update.status()).isEqualTo(200);
        assertThat(ask("GET", "/things/a").body().path("thingTypeName").asText())
                .isEqualTo("pumps");
    }

    @Test
    void thing_type_is_deleted_five_minutes_after_it_was_deprecated_and_when_no_thing_has_it() {
        ask("POST", PUMPS);
        test.ask("POST", "/things/a", "{\"thingTypeName\":\"pumps\"}");

        expectInvalid(ask("DELETE", PUMPS));
        ask("POST", PUMPS + "/deprecate");
        expectInvalid(ask("DELETE", PUMPS));
        test.later = Duration.ofMinutes(6);
        expectInvalid(ask("DELETE", PUMPS));
        test.ask("PATCH", "/things/a", "{\"removeThingType\":true}");

        assertThat(ask("DELETE", PUMPS).status()).isEqualTo(200);
        assertThat(ask("GET", PUMPS).error()).isEqualTo("ResourceNotFoundException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"thingTypeProperties\":{\"searchableAttributes\":[\"a\",\"b\",\"c\",\"d\"]}}",
                "{\"thingTypeProperties\":{\"searchableAttributes\":[\"a b\"]}}",
                "{\"thingTypeProperties\":{\"searchableAttributes\":[1]}}",
                "{\"thingTypeProperties\":{\"thingTypeDescription\":\"\\t\"}}",
                "{\"tags\":[{\"Key\":\"aws:x\",\"Value\":\"y\"}]}",
            })
    void thing_type_with_wrong_properties_is_refused(String body) {
        expectInvalid(test.ask("POST", PUMPS, body));
        assertThat(ask("GET", PUMPS).status()).isEqualTo(404);
    }

    @Test
    void thing_type_that_is_not_there_is_neither_deprecated_nor_deleted() {
        assertThat(ask("POST", PUMPS + "/deprecate").error()).isEqualTo("ResourceNotFoundException");
        assertThat(ask("DELETE", PUMPS).error()).isEqualTo("ResourceNotFoundException");
    }
}
