package dev.roundtrip.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import io.netty.channel.EventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers calls by the packaged function, in as many execution environments as are needed. Thread-safe.
 *
 * <p>As on AWS Lambda an environment takes one call at a time, unless it is told otherwise; when all are busy another
 * is started, and when there may be no more, the call is throttled. An environment that crashes, or whose call takes
 * too long, is ended and replaced with the next call.
 */
public final class ProcessRuntime
        implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent>, AutoCloseable {
    /** How long the function may take to be made: as long as AWS Lambda gives it, thrice, for a machine that does other
     * things too.
     */
    private static final Duration INIT_LIMIT = Duration.ofSeconds(30);

    /** What is left to an environment after SIGTERM. Source: AWS Lambda developer guide, "Shutdown phase", with an
     * internal extension.
     */
    private static final long SHUTDOWN_MILLIS = 500;

    private static final long KILL_MILLIS = 2_000;

    private final RuntimeSettings settings;
    private final RuntimeClient client;
    private final RuntimeApi api;
    private final PojoSerializer<APIGatewayProxyRequestEvent> events = serializer(APIGatewayProxyRequestEvent.class);
    private final PojoSerializer<APIGatewayProxyResponseEvent> answers = serializer(APIGatewayProxyResponseEvent.class);
    private final AtomicInteger number = new AtomicInteger();
    /** The last one used comes last. Guarded by itself. */
    private final List<ExecutionEnvironment> environments = new ArrayList<>();

    private boolean closed;

    private ProcessRuntime(RuntimeSettings settings, EventLoopGroup loops) throws IOException {
        this.settings = settings;
        this.api = new RuntimeApi(loops);
        this.client = new RuntimeClient();
    }

    /** Starts with one environment, so that a function that cannot start says so here.
     *
     * @param loops carry the Runtime API, and belong to somebody else
     * @throws IOException when the function does not start; nothing is left running
     */
    public static ProcessRuntime start(RuntimeSettings settings, EventLoopGroup loops) throws IOException {
        ProcessRuntime runtime = new ProcessRuntime(settings, loops);
        try {
            runtime.first();
            return runtime;
        } catch (IOException failed) {
            runtime.close();
            throw failed;
        }
    }

    private void first() throws IOException {
        ExecutionEnvironment first = launch();
        synchronized (environments) {
            environments.add(first);
        }
        try {
            first.ready().get(INIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(first.ready().exceptionNow().getMessage(), failed);
        } catch (TimeoutException late) {
            throw new IOException("it was not made within " + INIT_LIMIT.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was made", interrupted);
        }
    }

    private static <T> PojoSerializer<T> serializer(Class<T> type) {
        return LambdaEventSerializers.serializerFor(type, ProcessRuntime.class.getClassLoader());
    }

    private ExecutionEnvironment launch() throws IOException {
        int environmentNumber = number.incrementAndGet();
        ExecutionEnvironment environment = new ExecutionEnvironment(
                settings.scale(), EnvironmentVariables.logStream(environmentNumber), settings.journal());
        RuntimeApi.Endpoint endpoint = api.open(environment);
        try {
            FunctionProcess process = process(environmentNumber, endpoint.address());
            environment.run(process, ended -> {
                endpoint.close();
                forget(ended);
            });
            return environment;
        } catch (IOException failed) {
            endpoint.close();
            throw failed;
        }
    }

    private FunctionProcess process(int environmentNumber, String runtimeApi) throws IOException {
        Path temporary = Files.createTempDirectory("roundtrip-function-");
        FunctionPackage function = settings.function();
        Map<String, String> variables = EnvironmentVariables.of(settings, environmentNumber, runtimeApi, temporary);
        List<String> command = client.command(function.handler(), temporary);
        return new FunctionProcess(command, function.root(), temporary, variables, settings.log());
    }

    private void forget(ExecutionEnvironment ended) {
        synchronized (environments) {
            environments.remove(ended);
        }
    }

    /** Answers one call.
     *
     * @throws FunctionFailedException when the function did not answer
     */
    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        ExecutionEnvironment environment = reserve();
        if (environment == null) {
            failed(null, context, "every execution environment is busy");
            return throttled();
        }
        Duration limit = Duration.ofMillis(context.getRemainingTimeInMillis());
        Invocation invocation = new Invocation(
                context.getAwsRequestId(),
                context.getInvokedFunctionArn(),
                json(event),
                System.currentTimeMillis() + limit.toMillis(),
                new CompletableFuture<>());
        environment.invoke(invocation);
        try {
            return answers.fromJson(invocation.await(limit));
        } catch (TimeoutException late) {
            giveUp(environment, context);
            throw new FunctionFailedException("the function took longer than " + limit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            giveUp(environment, context);
            throw new FunctionFailedException("the function was told to stop");
        }
    }

    /** AWS Lambda ends an environment whose call took too long, unless it takes many at once. */
    private void giveUp(ExecutionEnvironment environment, Context context) {
        if (settings.scale().concurrency() == 1) {
            environment.kill("the function took too long");
        } else {
            failed(environment.name(), context, "the function took too long");
        }
    }

    private void failed(@Nullable String environment, Context context, String why) {
        settings.journal().record(new Entry(Step.FUNCTION_FAILED, environment, context.getAwsRequestId()).detail(why));
    }

    private String json(APIGatewayProxyRequestEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        events.toJson(event, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** @return an environment with a place for one more call, null when every one is busy and there may be no more */
    private @Nullable ExecutionEnvironment reserve() {
        synchronized (environments) {
            for (ExecutionEnvironment environment : environments.reversed()) {
                if (environment.reserve()) {
                    return environment;
                }
            }
            if (closed) {
                throw new FunctionFailedException("the runtime is stopping");
            }
            if (environments.size() >= settings.scale().environments()) {
                return null;
            }
            try {
                ExecutionEnvironment fresh = launch();
                fresh.reserve();
                environments.add(fresh);
                return fresh;
            } catch (IOException failed) {
                throw new FunctionFailedException("an environment could not be started: " + failed.getMessage());
            }
        }
    }

    /** As API Gateway answers when AWS Lambda throttles: not as the caller's fault. */
    private static APIGatewayProxyResponseEvent throttled() {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(500)
                .withHeaders(
                        Map.of("Content-Type", "application/json", "x-amzn-ErrorType", "InternalServerErrorException"))
                .withBody("{\"message\": \"Internal server error\"}");
    }

    /** How many environments there are. */
    public int environments() {
        synchronized (environments) {
            return environments.size();
        }
    }

    /** Ends every environment: SIGTERM, and half a second later SIGKILL. */
    @Override
    public void close() {
        List<ExecutionEnvironment> last;
        synchronized (environments) {
            closed = true;
            last = List.copyOf(environments);
        }
        last.forEach(ExecutionEnvironment::terminate);
        try {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MILLIS);
            for (ExecutionEnvironment environment : last) {
                environment.awaitEnd(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            }
            last.forEach(environment -> environment.kill("the runtime is stopping"));
            for (ExecutionEnvironment environment : last) {
                environment.awaitEnd(KILL_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            last.forEach(environment -> environment.kill("the runtime is stopping"));
        }
    }
}
