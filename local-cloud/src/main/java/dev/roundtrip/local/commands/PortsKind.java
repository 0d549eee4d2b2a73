package dev.roundtrip.local.commands;

/** Whose ports the local cloud takes. */
enum PortsKind {
    AWS("aws");

    private final String text;

    PortsKind(String text) {
        this.text = text;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return text;
    }
}
