package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.iot.registry.ThingFiles;
import io.netty.bootstrap.Bootstrap;
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
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that refuses every command in its acknowledgement. */
final class RefusingDevice implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CountDownLatch connected = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();

    /** @param port where devices connect, on loopback */
    RefusingDevice(String name, ThingFiles files, Path authority, int port) throws Exception {
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
                                .addLast(new Refusal(name));
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sync();
        if (!connected.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the broker did not let the device in");
        }
    }

    /** How many commands it refused. */
    int refused() {
        return refused.get();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A connection that is lost is lost.
    private final class Refusal extends SimpleChannelInboundHandler<MqttMessage> {
        private final String name;

        Refusal(String name) {
            this.name = name;
        }

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
                connected.countDown();
            } else if (message instanceof MqttPublishMessage command) {
                refused.incrementAndGet();
                context.writeAndFlush(MqttMessageBuilders.pubAck()
                        .packetId(command.variableHeader().packetId())
                        .reasonCode(MqttReasonCodes.PubAck.UNSPECIFIED_ERROR.byteValue())
                        .build());
            }
        }
    }
}
