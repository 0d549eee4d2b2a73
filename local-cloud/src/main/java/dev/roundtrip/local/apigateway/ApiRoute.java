package dev.roundtrip.local.apigateway;

import java.util.Map;
import java.util.Optional;

/** The resources of the API. */
enum ApiRoute {
    /** Whom to call stands among the parameters. */
    INVOKE("/invoke", "inv0ke"),
    /** Whom to call stands in the path, where policies can see it. */
    INVOKE_NAMED("/invoke/{target}/{method}", "inv0kn");

    private static final String STAGE_PREFIX = "/" + ApiSettings.STAGE;

    private final String resource;
    private final String resourceId;

    ApiRoute(String resource, String resourceId) {
        this.resource = resource;
        this.resourceId = resourceId;
    }

    String resource() {
        return resource;
    }

    String resourceId() {
        return resourceId;
    }

    /** A request that found its resource.
     *
     * @param arnPath what policies are compared with: the path without the stage, as it was sent, but for a trailing
     *     slash
     * @param parameters what stood in the place of the names in braces, as it was sent: API Gateway does not decode it
     */
    record Match(ApiRoute route, String arnPath, Map<String, String> parameters) {}

    /** The resource at a path, if it has this method; a trailing slash makes no difference. */
    static Optional<Match> match(String method, String path) {
        if (!(method.equals("GET") || method.equals("POST")) || !path.startsWith(STAGE_PREFIX + "/")) {
            return Optional.empty();
        }
        String whole = withoutStage(path);
        String arnPath = whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
        if (arnPath.equals(INVOKE.resource)) {
            return Optional.of(new Match(INVOKE, arnPath, Map.of()));
        }
        String[] segments = arnPath.split("/", -1);
        boolean named =
                segments.length == 4 && segments[1].equals("invoke") && isName(segments[2]) && isName(segments[3]);
        return named
                ? Optional.of(new Match(INVOKE_NAMED, arnPath, Map.of("target", segments[2], "method", segments[3])))
                : Optional.empty();
    }

    /** Signatures are made of normalized paths: a segment that normalizing takes away names nothing. */
    private static boolean isName(String segment) {
        return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
    }

    /** The path as the function sees it: without the stage. */
    static String withoutStage(String path) {
        return path.substring(STAGE_PREFIX.length());
    }
}
