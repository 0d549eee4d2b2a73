package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.StopSignal;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.Storage;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.app.StartException;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Fleet;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Shows one call from end to end. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = {
            "Starts a local cloud and a simulated device on free ports, makes one signed call, prints"
                    + " the call and its answer, and stops. It leaves no files behind.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = {"  bin/local-cloud demo"})
final class DemoCommand implements Callable<Integer> {
    private static final Target DEVICE = new Target("demo-device");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final FunctionOptions function = new FunctionOptions();

    @Override
    public Integer call() throws StartException, NotReadyException, IOException, InterruptedException {
        Map<String, String> variables = function.variables(spec.commandLine(), System.getenv());
        try (StopSignal stop = StopSignal.install("local-cloud")) {
            Path state = Files.createTempDirectory("roundtrip-demo-");
            try {
                return show(LocalCloudSettings.of(state, line -> {})
                        .withFunction(variables)
                        .withStorage(Storage.EPHEMERAL));
            } catch (StartException | NotReadyException | IOException | InterruptedException failed) {
                if (stop.isRaised()) {
                    return 1;
                }
                throw failed;
            } finally {
                delete(state);
            }
        }
    }

    private int show(LocalCloudSettings settings)
            throws StartException, NotReadyException, IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (CommonRuntime runtime = new CommonRuntime();
                LocalCloud cloud = LocalCloud.start(settings, Account.DEFAULT_REGION);
                Fleet devices = SimulatedDevices.connect(cloud, List.of(DEVICE))) {
            String url = cloud.apiEndpoint() + "?" + Shell.greeting(DEVICE.value());
            out.println("Up: API front, function, broker, and the device " + DEVICE + ".");
            if (!settings.function().isEmpty()) {
                out.println("Function: " + function.describe(settings.function()));
            }
            out.println();
            out.println("GET " + url);
            out.println("    signed with Signature Version 4, service execute-api");
            out.flush();
            HttpResponse<String> answer = send(cloud, url);
            out.println();
            out.println("HTTP " + answer.statusCode());
            out.println(pretty(answer.body()));
            out.println();
            out.println("Next:");
            out.println("  " + Shell.program("local-cloud")
                    + " start --device my-device      a cloud that stays, and prints calls to paste");
            out.println("  " + Shell.program("local-cloud")
                    + " start --help                  ports, state, your own broker");
            out.println("  " + Shell.program("device-simulator")
                    + " --help                   devices that are slow, silent, or wrong");
            out.flush();
            return answer.statusCode() == 200 ? 0 : 1;
        }
    }

    private static HttpResponse<String> send(LocalCloud cloud, String url) throws IOException, InterruptedException {
        Credentials credentials = cloud.state().credentials();
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey()),
                new SigningScope(cloud.state().account().region(), SigningScope.EXECUTE_API));
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .sslContext(trustingNobody())
                .build()) {
            return client.send(
                    signer.sign(UnsignedRequest.get(url)).toHttpRequest(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** For a call without TLS: the authorities of the Java runtime take longer to read than the call takes. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no TLS", missing);
        }
    }

    private static String pretty(String body) throws IOException {
        JsonNode json = Json.mapper().readTree(body);
        return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
