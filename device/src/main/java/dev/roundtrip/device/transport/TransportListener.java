package dev.roundtrip.device.transport;

/** Hears of a connection. Called on a thread of the network: must not block, publish, or throw. */
public interface TransportListener {
    /** Hears nothing. */
    TransportListener DEAF = new TransportListener() {
        @Override
        public void connected() {}

        @Override
        public void connectFailed(String reason) {}

        @Override
        public void disconnected(String reason) {}

        @Override
        public void delivered(Delivery delivery) {}
    };

    /** A connection stands; it has no subscription yet. */
    void connected();

    /** A connection did not come about; the next attempt follows by itself, except after the first.
     *
     * @param reason one sentence that says what to do
     */
    void connectFailed(String reason);

    /** A connection that stood is gone; the next attempt follows by itself.
     *
     * @param reason why, one sentence
     */
    void disconnected(String reason);

    /** A message came. */
    void delivered(Delivery delivery);
}
