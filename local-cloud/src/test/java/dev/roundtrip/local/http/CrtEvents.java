package dev.roundtrip.local.http;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;

/** What the CRT's client tells of its life. */
public final class CrtEvents implements Mqtt5ClientOptions.LifecycleEvents {
    public final CompletableFuture<OnConnectionSuccessReturn> connected = new CompletableFuture<>();
    public final CompletableFuture<OnStoppedReturn> stopped = new CompletableFuture<>();

    @Override
    public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn attempt) {}

    @Override
    public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn success) {
        connected.complete(success);
    }

    @Override
    public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn failure) {
        connected.completeExceptionally(
                new IllegalStateException(failure.getErrorCode() + " " + failure.getConnAckPacket()));
    }

    @Override
    public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn disconnection) {}

    @Override
    public void onStopped(Mqtt5Client client, OnStoppedReturn stop) {
        stopped.complete(stop);
    }
}
