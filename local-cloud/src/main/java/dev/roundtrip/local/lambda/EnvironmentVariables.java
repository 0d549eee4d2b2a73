package dev.roundtrip.local.lambda;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The environment variables that AWS Lambda sets. Source: AWS Lambda developer guide, "Defined runtime environment
 * variables".
 */
public final class EnvironmentVariables {
    private static final String FUNCTION = "roundtrip-invoke";
    private static final String MEMORY_MEGABYTES = "512";

    private EnvironmentVariables() {}

    /** The whole environment of one process.
     *
     * @param number tells this environment's log from the others'
     * @param runtimeApi where its Runtime API is
     * @param temporary the directory that is {@code /tmp} to it
     */
    public static Map<String, String> of(RuntimeSettings settings, int number, String runtimeApi, Path temporary) {
        RuntimeSettings.Scale scale = settings.scale();
        Path root = settings.function().root().toAbsolutePath();
        Map<String, String> variables = new HashMap<>();
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("TMPDIR", temporary.toString());
        variables.put("_HANDLER", settings.function().handler());
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        variables.put("LAMBDA_TASK_ROOT", root.toString());
        variables.put(
                "LD_LIBRARY_PATH",
                settings.function().nativeLibraries().toAbsolutePath() + ":" + root + ":" + root.resolve("lib"));
        variables.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
        variables.put("AWS_LAMBDA_FUNCTION_NAME", FUNCTION);
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MEMORY_MEGABYTES);
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", scale.initializationType());
        variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
        variables.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
        if (scale.initialization() == Initialization.ON_DEMAND) {
            variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + FUNCTION);
            variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream(number));
        }
        if (scale.concurrency() > 1) {
            variables.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(scale.concurrency()));
        }
        variables.putAll(settings.variables());
        return variables;
    }

    /** What an environment is called: by its log stream. */
    static String logStream(int number) {
        return "local/[$LATEST]" + number;
    }
}
