package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.keys.TlsIdentity;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A broker that reads every command, and acknowledges none. */
final class MuteBroker implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger commands = new AtomicInteger();
    private final int window;
    private final Channel listener;

    /** @param window how many commands it takes before it has acknowledged one */
    MuteBroker(TlsIdentity identity, int window) throws Exception {
        this.window = window;
        SslContext tls =
                SslContextBuilder.forServer(identity.key(), identity.chain()).build();
        listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(64 * 1024))
                                .addLast(new WebSocketServerProtocolHandler(
                                        "/mqtt", "mqtt", false, 256 * 1024, false, true))
                                .addLast(new Frames())
                                .addLast(new MqttDecoder(256 * 1024))
                                .addLast(MqttEncoder.INSTANCE)
                                .addLast(new Half());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How many came. */
    int commands() {
        return commands.get();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Frames extends MessageToMessageCodec<BinaryWebSocketFrame, ByteBuf> {
        @Override
        protected void encode(ChannelHandlerContext context, ByteBuf packet, List<Object> out) {
            out.add(new BinaryWebSocketFrame(packet.retain()));
        }

        @Override
        protected void decode(ChannelHandlerContext context, BinaryWebSocketFrame frame, List<Object> out) {
            out.add(frame.content().retain());
        }
    }

    /** What a broker says, but for acknowledgements. */
    @SuppressWarnings("FutureReturnValueIgnored") // A connection that is lost is lost.
    private final class Half extends SimpleChannelInboundHandler<MqttMessage> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            switch (message.fixedHeader().messageType()) {
                case CONNECT -> context.writeAndFlush(welcome());
                case SUBSCRIBE -> {
                    int id = ((MqttSubscribeMessage) message).variableHeader().messageId();
                    context.writeAndFlush(MqttMessageBuilders.subAck()
                            .packetId(id)
                            .addGrantedQos(MqttQoS.AT_LEAST_ONCE)
                            .build());
                }
                case PUBLISH -> commands.incrementAndGet();
                case DISCONNECT -> context.close();
                default -> {
                    // Nothing of it matters here.
                }
            }
        }

        private MqttConnAckMessage welcome() {
            MqttProperties properties = new MqttProperties();
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, window));
            return MqttMessageBuilders.connAck()
                    .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                    .properties(properties)
                    .build();
        }
    }
}
