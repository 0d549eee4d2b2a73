package dev.roundtrip.benchmarks.scaling;

/** A quota of an account in a large region that never asked for more. Sources: AWS General Reference, "AWS IoT Core
 * endpoints and quotas"; Amazon API
 * Gateway developer guide, "Quotas"; AWS Lambda developer guide, "Lambda quotas". */
enum Quota {
    CONCURRENCY("Lambda: calls at once", 1_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return switch (pattern.hosting) {
                case ON_DEMAND -> load.callsPerSecond() * model.seconds(pattern, load.latency());
                case MANAGED -> 0;
            };
        }
    },
    SUBSCRIBES("IoT: subscriptions/s", 3_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return load.callsPerSecond()
                    * perCall(
                            model,
                            pattern.call.subscribes(),
                            pattern.connection().subscribes());
        }
    },
    CONNECTS("IoT: CONNECT/s", 3_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return load.callsPerSecond()
                    * perCall(
                            model, pattern.call.connects(), pattern.connection().connects());
        }
    },
    API_REQUESTS("API Gateway: requests/s", 10_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return load.callsPerSecond();
        }
    },
    PUBLISHES("IoT: publishes in/s", 20_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return load.callsPerSecond() * pattern.call.publishes();
        }
    },
    DELIVERIES("IoT: publishes out/s", 20_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return load.callsPerSecond() * pattern.call.deliveries();
        }
    },
    DIRECT("IoT: SendDirectMessage/s", 20_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return load.callsPerSecond() * pattern.call.directs();
        }
    },
    CONNECTIONS("IoT: connections", 500_000) {
        @Override
        double demand(CostModel model, Pattern pattern, Workload load) {
            return model.environments(pattern, load);
        }
    };

    final String title;
    final double limit;

    Quota(String title, double limit) {
        this.title = title;
        this.limit = limit;
    }

    /** How much of it a load takes, without the devices' own share. */
    abstract double demand(CostModel model, Pattern pattern, Workload load);

    private static double perCall(CostModel model, long forCall, long forConnection) {
        return forCall + (double) forConnection / model.assumptions().callsPerConnection();
    }
}
