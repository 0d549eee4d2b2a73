package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Packet.Subscribe;
import dev.roundtrip.mqtt.packet.Packet.Unsubscribe;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import dev.roundtrip.mqtt.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes what one client subscribes to. Used by one event loop. */
final class InboundSubscriptions {
    private static final int RETAINED_ALWAYS = 0;
    private static final int RETAINED_WHEN_NEW = 1;

    private final Core core;
    private final LifecycleListener.Client client;
    private final Session session;
    private final Clearance clearance;

    InboundSubscriptions(Core core, LifecycleListener.Client client, Session session, Clearance clearance) {
        this.core = core;
        this.client = client;
        this.session = session;
        this.clearance = clearance;
    }

    /** Tells whether one SUBSCRIBE asks for more than a client may ask for at once. */
    boolean exceedsLimit(Subscribe subscribe) {
        return subscribe.requests().size() > core.limits.topics().maxFiltersPerSubscribe();
    }

    /** Tells whether one SUBSCRIBE asks for topics of a service in a way that the service does not allow; what policies
     * do not allow, they refuse first.
     */
    boolean isRefusedByService(Subscribe subscribe) {
        for (Subscribe.Request request : subscribe.requests()) {
            Optional<TopicFilter> filter = TopicFilter.parse(request.filter());
            if (filter.isPresent()
                    && !core.services.maySubscribe(filter.get())
                    && clearance.allowsSubscription(request.filter())) {
                clearance.refuseReservedFilter(request.filter());
                return true;
            }
        }
        return false;
    }

    /** Subscribes to each filter and returns what to answer for each, in order. */
    List<ReasonCode> subscribe(Subscribe subscribe) {
        List<ReasonCode> answers = new ArrayList<>(subscribe.requests().size());
        List<String> granted = new ArrayList<>();
        for (Subscribe.Request request : subscribe.requests()) {
            ReasonCode answer = subscribe(request);
            answers.add(answer);
            if (!answer.isError()) {
                granted.add(request.filter());
            }
        }
        core.lifecycle.subscribed(client, granted);
        granted.forEach(core.services::subscribed);
        return answers;
    }

    private ReasonCode subscribe(Subscribe.Request request) {
        Optional<TopicFilter> parsed = TopicFilter.parse(request.filter());
        if (parsed.isEmpty() || !core.topicRules.allowsFilter(parsed.get())) {
            return clearance.refuse(
                    ReasonCode.TOPIC_FILTER_INVALID, request.filter(), "the topic filter is malformed or too long");
        }
        TopicFilter filter = parsed.get();
        if (!clearance.maySubscribe(request.filter())) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        if (!core.topicRules.mayBeSubscribed(filter)) {
            return clearance.refuse(
                    ReasonCode.TOPIC_FILTER_INVALID, request.filter(), "nobody may subscribe to these topics");
        }
        if (filter.isWildcard() || filter.isShared()) {
            return subscribe(filter, request);
        }
        synchronized (core.sessions) {
            // Either a retained message is found here or it is delivered as a new one, and an older one is never the
            // later.
            return subscribe(filter, request);
        }
    }

    private ReasonCode subscribe(TopicFilter filter, Subscribe.Request request) {
        Subscription known = session.subscriptions.get(filter.text());
        if (known != null) {
            known.change(request);
        } else if (!add(filter, request)) {
            return clearance.refuse(
                    ReasonCode.QUOTA_EXCEEDED,
                    request.filter(),
                    "the client has too many subscriptions, or the broker has");
        }
        boolean isNew = known == null;
        if (request.retainHandling() == RETAINED_ALWAYS || (isNew && request.retainHandling() == RETAINED_WHEN_NEW)) {
            sendRetained(filter, request.qos());
        }
        return request.qos() == Qos.AT_LEAST_ONCE ? ReasonCode.GRANTED_QOS_1 : ReasonCode.SUCCESS;
    }

    private boolean add(TopicFilter filter, Subscribe.Request request) {
        if (session.subscriptions.size() >= core.limits.topics().maxSubscriptionsPerConnection()
                || !core.subscriptions.tryAcquire()) {
            return false;
        }
        Subscription subscription = new Subscription(session, filter, request);
        if (!core.router.add(subscription)) {
            return false;
        }
        Subscription twin = session.subscriptions.putIfAbsent(filter.text(), subscription);
        if (twin != null) {
            core.router.remove(subscription); // An older connection of the session subscribed at the same moment.
            twin.change(request);
            return true;
        }
        if (session.isOver() && session.subscriptions.remove(filter.text(), subscription)) {
            core.router.remove(subscription); // Another connection ended the session meanwhile.
            return false;
        }
        if (filter.isShared()) {
            core.router.handOut(subscription);
        }
        return true;
    }

    /** Only an exact filter of one's own gets what was retained; source: AWS IoT developer guide, "MQTT retained
     * messages".
     */
    private void sendRetained(TopicFilter filter, Qos qos) {
        if (filter.isWildcard() || filter.isShared()) {
            return;
        }
        Message retained = core.retained.find(filter.filter());
        if (retained != null) {
            core.messages.matched(session.clientId, filter.text(), retained.publication());
            core.router.deliverNow(
                    session, new Delivery(retained, retained.qos().min(qos), true));
        }
    }

    /** Unsubscribes from each filter and returns what to answer for each: always success, as IoT Core does. */
    List<ReasonCode> unsubscribe(Unsubscribe unsubscribe) {
        List<ReasonCode> answers = new ArrayList<>(unsubscribe.filters().size());
        List<String> removed = new ArrayList<>();
        for (String text : unsubscribe.filters()) {
            Optional<TopicFilter> filter = TopicFilter.parse(text);
            answers.add(filter.isEmpty() ? ReasonCode.TOPIC_FILTER_INVALID : ReasonCode.SUCCESS);
            Subscription subscription = session.subscriptions.remove(text);
            if (subscription != null) {
                core.router.remove(subscription);
                removed.add(text);
            }
        }
        core.lifecycle.unsubscribed(client, removed);
        return answers;
    }
}
