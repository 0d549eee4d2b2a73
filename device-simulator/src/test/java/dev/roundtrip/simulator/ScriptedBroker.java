package dev.roundtrip.simulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The broker and the gateway behind it in one: takes devices in over TLS with client certificates, sends them what the
 * test says, and keeps
 * what they send. Speaks MQTT 3.1.1 and 5. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows in what does not arrive
final class ScriptedBroker implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;
    private final Map<String, Channel> devices = new ConcurrentHashMap<>();
    final List<String> connects = new CopyOnWriteArrayList<>();
    final List<String> subscriptions = new CopyOnWriteArrayList<>();
    final List<String> disconnects = new CopyOnWriteArrayList<>();
    final BlockingQueue<MqttPublishMessage> answers = new LinkedBlockingQueue<>();

    volatile MqttConnectReturnCode connectReply = MqttConnectReturnCode.CONNECTION_ACCEPTED;
    volatile boolean refusesSubscriptions;
    volatile boolean refusesAnswers;
    volatile boolean cutsInsteadOfPuback;

    ScriptedBroker(TestCertificates certificates) throws SSLException {
        SslContext tls = SslContextBuilder.forServer(
                        certificates.server().certificate().toFile(),
                        certificates.server().key().toFile())
                .trustManager(certificates.authority().toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        listening = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(MqttEncoder.INSTANCE)
                                .addLast(new MqttDecoder(256 * 1024))
                                .addLast(new Session());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** What the gateway would publish. */
    void send(String device, String topic, byte[] payload, MqttProperties properties) {
        Channel channel = devices.get(device);
        if (channel == null) {
            throw new IllegalStateException(device + " is not connected");
        }
        channel.writeAndFlush(MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .messageId(7)
                .payload(Unpooled.wrappedBuffer(payload))
                .properties(properties)
                .build());
    }

    /** Hangs up without a word. */
    void cut(String device) {
        Channel channel = devices.get(device);
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void close() {
        if (threads.isShuttingDown()) {
            return;
        }
        listening.close().syncUninterruptibly();
        devices.values().forEach(channel -> channel.close().syncUninterruptibly());
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Session extends SimpleChannelInboundHandler<MqttMessage> {
        private String clientId = "";

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message.decoderResult().isFailure()) {
                context.close();
                return;
            }
            switch (message.fixedHeader().messageType()) {
                case CONNECT -> connect(context, (MqttConnectMessage) message);
                case SUBSCRIBE -> subscribe(context, (MqttSubscribeMessage) message);
                case PUBLISH -> publish(context, (MqttPublishMessage) message);
                case PINGREQ ->
                    context.writeAndFlush(new MqttMessage(
                            new MqttFixedHeader(MqttMessageType.PINGRESP, false, MqttQoS.AT_MOST_ONCE, false, 0)));
                case DISCONNECT -> {
                    disconnects.add(clientId);
                    context.close();
                }
                default -> {}
            }
        }

        private void connect(ChannelHandlerContext context, MqttConnectMessage message) {
            clientId = message.payload().clientIdentifier();
            connects.add(clientId + " v" + message.variableHeader().version());
            devices.put(clientId, context.channel());
            MqttConnAckMessage reply =
                    MqttMessageBuilders.connAck().returnCode(connectReply).build();
            context.writeAndFlush(reply);
            if (connectReply != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
                context.close();
            }
        }

        private void subscribe(ChannelHandlerContext context, MqttSubscribeMessage message) {
            message.payload()
                    .topicSubscriptions()
                    .forEach(one ->
                            subscriptions.add(clientId + " " + one.topicFilter() + " " + one.qualityOfService()));
            MqttMessageBuilders.SubAckBuilder reply = MqttMessageBuilders.subAck()
                    .packetId(message.variableHeader().messageId());
            context.writeAndFlush((refusesSubscriptions
                            ? reply.addGrantedQos(MqttQoS.FAILURE)
                            : reply.addGrantedQos(MqttQoS.AT_LEAST_ONCE))
                    .build());
        }

        private void publish(ChannelHandlerContext context, MqttPublishMessage message) {
            if (cutsInsteadOfPuback) {
                cutsInsteadOfPuback = false;
                context.close();
                return;
            }
            // A copy on the heap: nobody has to release it.
            answers.add(message.replace(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(message.payload()))));
            context.writeAndFlush(MqttMessageBuilders.pubAck()
                    .packetId(message.variableHeader().packetId())
                    .reasonCode(refusesAnswers ? MqttReasonCodes.PubAck.NOT_AUTHORIZED.byteValue() : (byte) 0)
                    .build());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            devices.remove(clientId, context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
