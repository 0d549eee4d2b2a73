package dev.roundtrip.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    private static final Route ROUTE = new Route(
            new ClientPrefix("gw"),
            MessageId.of("8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11"),
            new Target("lamp"),
            new Method("on"));

    @Provide
    Arbitrary<Route> routes() {
        return Anything.route();
    }

    /** Levels that could be ours, in any number. */
    @Provide
    Arbitrary<String> nearTopics() {
        return Arbitraries.of(
                        "gw",
                        "lamp",
                        "on",
                        "ack",
                        "",
                        "+",
                        "#",
                        "$aws",
                        ".abcdefgh2",
                        "8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11")
                .list()
                .ofMaxSize(7)
                .map(levels -> String.join("/", levels));
    }

    @Test
    void topics_are_the_contracts() {
        assertThat(ROUTE.requestTopic()).hasToString("lamp/on/gw/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11");
        assertThat(ROUTE.answerTopic()).hasToString("gw/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11/lamp/on/ack");
        assertThat(Route.requestsTo(ROUTE.target())).isEqualTo("lamp/#");
        assertThat(Route.answersTo(ROUTE.prefix())).isEqualTo("gw/+/+/+/ack");
        assertThat(Route.answersTo(ROUTE.prefix(), ROUTE.id()))
                .isEqualTo("gw/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11/+/+/ack");
    }

    @Test
    void topics_with_an_instance_are_the_contracts() {
        Instance instance = new Instance(".abcdefgh2");
        Route route = new Route(ROUTE.prefix(), new WireId(instance, ROUTE.id()), ROUTE.target(), ROUTE.method());

        assertThat(route.requestTopic()).hasToString("lamp/on/gw/.abcdefgh2/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11");
        assertThat(route.answerTopic()).hasToString("gw/.abcdefgh2/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11/lamp/on/ack");
        assertThat(Route.answersTo(ROUTE.prefix(), instance)).isEqualTo("gw/.abcdefgh2/+/+/+/ack");
        assertThat(Route.ofRequestTopic(route.requestTopic().value())).contains(route);
    }

    /** Another deployment, named {@code other}, may publish each of them: its name is a level behind the second. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "lamp/on/gw/other/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                "lamp/on/gw/.abcdefgh2/other/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                "lamp/on/gw/other/.abcdefgh2/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                "lamp/on/gw/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11/other/x"
            })
    void request_that_another_deployment_may_send_is_none_of_ours(String topic) {
        assertThat(Route.ofRequestTopic(topic)).isEmpty();
    }

    @Property
    void a_route_reads_back_from_its_request_topic_and_each_topic_is_made_or_too_long(@ForAll("routes") Route route) {
        int requestBytes = route.prefix().value().length()
                + route.target().value().length()
                + route.method().value().length()
                + route.wireId().toString().length()
                + 3;

        if (requestBytes <= Topic.MAX_BYTES) {
            assertThat(Route.ofRequestTopic(route.requestTopic().value())).contains(route);
        } else {
            assertThatThrownBy(route::requestTopic).isInstanceOf(MalformedNameException.class);
        }
        if (requestBytes + 4 <= Topic.MAX_BYTES) {
            assertThat(route.answerTopic())
                    .hasToString(String.join(
                            "/",
                            route.prefix().value(),
                            route.wireId().toString(),
                            route.target().value(),
                            route.method().value(),
                            "ack"));
        } else {
            assertThatThrownBy(route::answerTopic).isInstanceOf(MalformedNameException.class);
        }
    }

    @Property
    void what_reads_as_a_route_is_the_topic_of_its_request(@ForAll("nearTopics") String topic) {
        Route.ofRequestTopic(topic)
                .ifPresent(route -> assertThat(route.requestTopic()).hasToString(topic));
    }

    @Property
    void any_text_is_a_topic_or_is_refused_in_words(@ForAll String text) {
        assertThatCode(() -> Route.ofRequestTopic(text)).doesNotThrowAnyException();
        try {
            assertThat(new Topic(text).value().getBytes(StandardCharsets.UTF_8).length)
                    .isBetween(1, Topic.MAX_BYTES);
        } catch (MalformedNameException refused) {
            assertThat(refused.getMessage()).startsWith("topic must");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+/b", "a/#", "a\u0000b", "1/2/3/4/5/6/7/8/9", "\uD800", "a\uDC00b"})
    void what_no_broker_takes_is_no_topic(String text) {
        assertThatThrownBy(() -> new Topic(text)).isInstanceOf(MalformedNameException.class);
    }

    @Test
    void a_topic_is_measured_in_bytes() {
        assertThat(new Topic("é".repeat(128)).value()).hasSize(128);
        assertThatThrownBy(() -> new Topic("é".repeat(128) + "e")).hasMessageContaining("257");
        assertThat(new Topic("1/2/3/4/5/6/7/8").value()).isNotEmpty();
    }
}
