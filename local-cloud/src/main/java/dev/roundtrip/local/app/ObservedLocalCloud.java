package dev.roundtrip.local.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.api.ObservedCloud;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.faults.FaultState;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.local.faults.FaultsException;
import dev.roundtrip.local.iot.registry.RegisteredThing;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.story.ClientRecords;
import dev.roundtrip.local.story.TargetState;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.ClientState;
import dev.roundtrip.mqtt.Connections;
import dev.roundtrip.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the local API tells of a cloud. Thread-safe.
 *
 * @param clients what clients did last
 * @param started when the cloud began to start
 * @param onStop gives what asks for the cloud's end; null for nothing
 */
record ObservedLocalCloud(LocalCloud cloud, ClientRecords clients, Instant started, Supplier<@Nullable Runnable> onStop)
        implements ObservedCloud {
    /** How many things are told of at most; our choice. */
    private static final int MAX_NAMES = 10_000;

    private static final int PAGE = 250;

    @Override
    public ObjectNode status() {
        Broker broker = cloud.broker();
        ObjectNode status = Json.object()
                .put("version", BuildVersion.number())
                .put("pid", ProcessHandle.current().pid())
                .put("started", started.toString());
        ObjectNode ports =
                status.putObject("ports").put("api", cloud.apiEndpoint().getPort());
        if (broker != null) {
            ports.put("mqtt", broker.devicePort()).put("wss", broker.gatewayPort());
        }
        ObjectNode endpoints = status.putObject("endpoints")
                .put("services", cloud.servicesEndpoint().toString());
        if (cloud.gatewayEndpoint() != null) {
            endpoints.put("servicesOverTls", "https://" + cloud.gatewayEndpoint());
        }
        status.put(
                        "runtime",
                        switch (cloud.settings().runtime()) {
                            case LocalCloudSettings.RuntimeChoice.InProcess here -> "in-process";
                            case LocalCloudSettings.RuntimeChoice.OwnProcess own -> "process";
                        })
                .put("state", cloud.state().path().toString())
                .put(
                        "clients",
                        broker == null ? null : Long.valueOf(broker.counters().connected()))
                .put("waitingCalls", cloud.waitingCalls());
        status.set("faults", faults().get("spec"));
        return status;
    }

    @Override
    public JsonNode things() {
        ArrayNode things = Json.mapper().createArrayNode();
        for (String name : names()) {
            ClientRecords.LastSeen last = last(name);
            ObjectNode thing = things.addObject().put("name", name).put("connected", last != null && last.connected());
            if (last != null) {
                thing.put("since", last.since().toString());
                if (!last.connected()) {
                    thing.put("reason", last.reason());
                }
            }
        }
        return things;
    }

    private List<String> names() {
        ThingRegistry things = cloud.things();
        List<String> names = new ArrayList<>();
        Registry.Listed<RegisteredThing> page = new Registry.Listed<>(List.of(), "");
        do {
            page = page(things, page.next());
            page.entries().forEach(thing -> names.add(thing.name()));
        } while (!page.next().isEmpty() && names.size() < MAX_NAMES);
        return names;
    }

    private static Registry.Listed<RegisteredThing> page(ThingRegistry things, String after) {
        try {
            return things.list(new Registry.Page(after, PAGE), every -> true);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** By the broker, which knows best who is connected; by the records where it has forgotten, or keeps none. */
    private ClientRecords.@Nullable LastSeen last(String name) {
        Broker broker = cloud.broker();
        ClientState state =
                broker == null ? null : broker.connections().find(name).orElse(null);
        return switch (state) {
            case null -> clients.find(name);
            case ClientState.Connected connected -> new ClientRecords.LastSeen(true, connected.since(), null);
            case ClientState.Disconnected gone ->
                new ClientRecords.LastSeen(false, gone.since(), gone.reason().name());
        };
    }

    @Override
    public TargetState target(String name) {
        Broker broker = cloud.broker();
        List<String> names = names();
        return new TargetState(
                last(name),
                broker == null
                        ? List.of()
                        : broker.connections().subscriptions(name).stream()
                                .map(Connections.Subscribed::topicFilter)
                                .toList(),
                cloud.things().has(name),
                TargetState.similarTo(name, names));
    }

    @Override
    public ObjectNode faults() {
        ObjectNode answer = Json.object();
        Faults faults = cloud.faults();
        if (faults == null) {
            answer.put("spec", "").putObject("counts");
            return answer;
        }
        FaultState state = faults.state();
        answer.put("spec", state.spec().isNone() ? "" : state.spec().toString());
        ObjectNode counts = answer.putObject("counts");
        state.sinceStart()
                .forEach((word, count) -> counts.putObject(word)
                        .put("sinceReplaced", state.sinceReplaced().getOrDefault(word, 0L))
                        .put("sinceStart", count));
        return answer;
    }

    @Override
    public void replaceFaults(String spec) {
        Faults faults = cloud.faults();
        if (faults == null) {
            throw new IllegalStateException("the broker is another's, and takes no faults");
        }
        try {
            var unused = faults.replace(spec.isEmpty() ? FaultSpec.NONE : FaultSpec.parse(spec));
        } catch (FaultsException failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }

    @Override
    public @Nullable Runnable stop() {
        return onStop.get();
    }
}
