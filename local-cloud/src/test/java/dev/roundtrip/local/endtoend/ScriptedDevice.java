package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.iot.registry.ThingFiles;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A device by hand: it subscribes to one filter, and does with each request what a script says. */
final class ScriptedDevice implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CountDownLatch ready = new CountDownLatch(1);
    private final String name;
    private final String filter;
    private final Script script;

    /** What a device does with a request. */
    interface Script {
        /** Does nothing. */
        Script SILENT = (request, answers) -> {};

        void on(Request request, Answers answers);
    }

    /** A request as it came. */
    record Request(String topic, String payload) {
        String level(int place) {
            return topic.split("/", -1)[place];
        }

        /** The call's id, without an instance. */
        String id() {
            return topic.substring(topic.lastIndexOf('/') + 1);
        }

        /** The call as the payload names it. */
        String wireId() {
            String[] levels = topic.split("/", 4);
            return levels[3];
        }

        String answerTopic() {
            return level(2) + "/" + wireId() + "/" + level(0) + "/" + level(1) + "/ack";
        }
    }

    /** What a device may publish. */
    interface Answers {
        void publish(String topic, String payload);
    }

    /** @param authority of the broker
     * @param port where devices connect, on loopback
     */
    ScriptedDevice(String name, String filter, Script script, ThingFiles files, Path authority, int port)
            throws Exception {
        this.name = name;
        this.filter = filter;
        this.script = script;
        SslContext tls = SslContextBuilder.forClient()
                .keyManager(files.certificate().toFile(), files.privateKey().toFile())
                .trustManager(authority.toFile())
                .endpointIdentificationAlgorithm("")
                .build();
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(new MqttDecoder(256 * 1024))
                                .addLast(MqttEncoder.INSTANCE)
                                .addLast(new Conversation());
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sync();
        if (!ready.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the broker did not let the device in");
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A connection that is lost is lost.
    private final class Conversation extends SimpleChannelInboundHandler<MqttMessage> {
        private int packet = 1;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(MqttMessageBuilders.connect()
                    .protocolVersion(MqttVersion.MQTT_5)
                    .clientId(name)
                    .cleanSession(true)
                    .keepAlive(60)
                    .build());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message.fixedHeader().messageType() == MqttMessageType.CONNACK) {
                context.writeAndFlush(MqttMessageBuilders.subscribe()
                        .messageId(packet++)
                        .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
                        .build());
            } else if (message.fixedHeader().messageType() == MqttMessageType.SUBACK) {
                ready.countDown();
            } else if (message instanceof MqttPublishMessage command) {
                Request request = new Request(
                        command.variableHeader().topicName(),
                        new String(ByteBufUtil.getBytes(command.payload()), StandardCharsets.UTF_8));
                if (command.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                    context.writeAndFlush(MqttMessageBuilders.pubAck()
                            .packetId(command.variableHeader().packetId())
                            .build());
                }
                script.on(
                        request,
                        (topic, payload) -> context.writeAndFlush(MqttMessageBuilders.publish()
                                .topicName(topic)
                                .qos(MqttQoS.AT_LEAST_ONCE)
                                .messageId(packet++)
                                .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
                                .build()));
            }
        }
    }
}
