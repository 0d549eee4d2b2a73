package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.packet.Publication;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Tells subscribers what changed: {@code notify}, {@code notify-next} and events. Thread-safe. */
final class JobNotifications {
    /** Source: AWS IoT developer guide, "Jobs notifications": how many executions {@code notify} shows. */
    private static final int MAX_SHOWN = 15;

    private final TableStore store;
    private final ServicePublisher publisher;
    private final Account account;
    private final DocumentValues values;

    JobNotifications(TableStore store, ServicePublisher publisher, Account account, DocumentValues values) {
        this.store = store;
        this.publisher = publisher;
        this.account = account;
        this.values = values;
    }

    /** Tells what a change brought. Called before the things that it is about change again.
     *
     * @param now of the change, in milliseconds
     */
    void tell(JobTransaction.Told told, long now) {
        Set<String> things = new LinkedHashSet<>(told.lists());
        things.addAll(told.nexts());
        for (String thing : things) {
            if (told.lists().contains(thing)) {
                publish("$aws/things/" + thing + "/jobs/notify", () -> list(thing, now));
            }
            if (told.nexts().contains(thing)) {
                publish("$aws/things/" + thing + "/jobs/notify-next", () -> next(thing, now));
            }
        }
        told.events().forEach(event -> publish("$aws/events/" + event.topic(), () -> named(event)));
    }

    private ObjectNode list(String thing, long now) {
        return store.<ObjectNode, RuntimeException>read(rows -> {
            ObjectNode message = RestJson.MAPPER.createObjectNode().put("timestamp", now / 1000);
            ObjectNode jobs = message.putObject("jobs");
            QueueRows.pending(rows, thing, MAX_SHOWN)
                    .forEach(execution ->
                            jobs.withArray(execution.status().name()).add(JobJson.summary(execution)));
            return message;
        });
    }

    private ObjectNode next(String thing, long now) {
        return store.<ObjectNode, RuntimeException>read(rows -> {
            ObjectNode message = RestJson.MAPPER.createObjectNode().put("timestamp", now / 1000);
            List<JobExecution> next = QueueRows.pending(rows, thing, 1);
            if (!next.isEmpty()) {
                ObjectNode execution = JobJson.execution(next.getFirst(), now);
                execution.remove("thingName");
                execution.set("jobDocument", JobJson.parsed(DeliveredDocument.of(rows, next.getFirst(), values)));
                message.set("execution", execution);
            }
            return message;
        });
    }

    private ObjectNode named(JobEvent event) {
        ObjectNode message = event.message();
        if (message.remove(JobEvent.THING) instanceof TextNode thing) {
            message.put("thingArn", account.thingArn(thing.textValue()));
        }
        return message;
    }

    /** Writes nothing that nobody gets. */
    private void publish(String topic, Supplier<ObjectNode> message) {
        if (publisher.hasReceivers(topic)) {
            byte[] payload = message.get().toString().getBytes(StandardCharsets.UTF_8);
            publisher.publish(Publication.of(topic, payload));
        }
    }
}
