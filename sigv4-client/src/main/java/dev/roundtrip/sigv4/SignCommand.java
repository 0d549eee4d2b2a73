package dev.roundtrip.sigv4;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.CompletionCommand;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The command {@code sigv4-client}. */
@Command(
        name = "sigv4-client",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        resourceBundle = "dev.roundtrip.sigv4.Manual",
        subcommands = CompletionCommand.class,
        synopsisSubcommandLabel = "",
        sortOptions = false)
final class SignCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final Duration DEFAULT_MAX_TIME = Duration.ofSeconds(60); // twice what API Gateway waits
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);
    private static final int MAX_REPEAT = 10_000_000;

    private final Environment environment;
    private final Function<@Nullable String, AwsConfiguration> configurations;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final RequestOptions what = new RequestOptions();

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "The region to sign for. Default: AWS_REGION, AWS_DEFAULT_REGION, the profile's region, or"
                    + " the region in the URL's host name, the first that there is.")
    private @Nullable String region;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            defaultValue = SigningScope.EXECUTE_API,
            description = "The signing name of the service. Default: ${DEFAULT-VALUE}")
    private String service = SigningScope.EXECUTE_API;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Take the credentials from this profile of the AWS configuration files only.")
    private @Nullable String profile;

    @ArgGroup
    private final OutputMode mode = new OutputMode();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "With https, trust only the certificate authorities in this PEM file.")
    private @Nullable Path authority;

    @Option(
            names = "--max-time",
            paramLabel = "S",
            description = "The time that a call may take, connecting included, in seconds. Default: 60")
    private @Nullable Duration maxTime;

    @Option(
            names = {"-i", "--include"},
            description = "Print the status and the headers of the answer before its body.")
    private boolean include;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print what is signed, sent and answered on standard error, without secrets.")
    private boolean verbose;

    /** For what writes the manual page. */
    SignCommand() {
        this(Environment.ofProcess(), SdkConfiguration::new);
    }

    SignCommand(Environment environment, Function<@Nullable String, AwsConfiguration> configurations) {
        this.environment = environment;
        this.configurations = configurations;
    }

    @Override
    public Integer call() {
        try {
            return perform();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int perform() {
        if (include && (mode.presigning != null || mode.dryRun || mode.repeat != null)) {
            throw new IllegalArgumentException(
                    "--include needs one answer, so that it does not go with --presign," + " --dry-run and --repeat");
        }
        if (what.targets != null && mode.repeat == null) {
            throw new IllegalArgumentException("--targets goes with --repeat");
        }
        RequestBody body = what.body(environment.in());
        UnsignedRequest request = what.request(body);
        AwsConfiguration configuration = configurations.apply(profile);
        SigningScope scope = scope(configuration, request);
        if (mode.curl) {
            return printCurl(what.typedRequest(body), body, scope);
        }
        RequestSigner signer = signer(configuration, scope);
        if (mode.presigning != null) {
            return printUrl(signer.presign(request, mode.presigning.lifetime()));
        }
        List<RepeatedCall> calls = calls(signer, body);
        if (mode.dryRun) {
            return printRequest(calls.getFirst().signing().get());
        }
        try (HttpSender sender = new HttpSender(trust(request), maxTime == null ? DEFAULT_MAX_TIME : maxTime)) {
            return mode.repeat == null
                    ? callOnce(calls.getFirst().signing().get(), sender)
                    : repeat(mode.repeat, calls, sender);
        }
    }

    private List<RepeatedCall> calls(RequestSigner signer, RequestBody body) {
        HeaderLine program = new HeaderLine("User-Agent", "sigv4-client/" + BuildVersion.number());
        List<RepeatedCall> calls = new ArrayList<>();
        what.typedRequests(body).forEach((target, request) -> {
            calls.add(new RepeatedCall(target, () -> signer.sign(RequestOptions.withHeader(request.get(), program))));
        });
        return calls;
    }

    private SSLContext trust(UnsignedRequest request) {
        if (authority != null) {
            return Trust.of(authority);
        }
        return "http".equalsIgnoreCase(request.uri().getScheme()) ? Trust.nobody() : Trust.system();
    }

    private SigningScope scope(AwsConfiguration configuration, UnsignedRequest request) {
        RegionFinder.Found found = new RegionFinder(environment.variables(), configuration).find(region, request.uri());
        RegionFinder.ofHost(request.uri())
                .filter(ofHost -> !ofHost.equals(found.region()))
                .ifPresent(ofHost -> environment.warn("signing for " + found.region() + " (" + found.origin()
                        + "), though the host is in " + ofHost + "; if it refuses, give --region " + ofHost));
        trace("* region " + found.region() + " from " + found.origin() + ", service " + service);
        return new SigningScope(found.region(), service);
    }

    private RequestSigner signer(AwsConfiguration configuration, SigningScope scope) {
        AwsCredentialsIdentity credentials = configuration.credentials();
        String session = credentials instanceof AwsSessionCredentialsIdentity ? ", with a session token" : "";
        trace("* access key " + credentials.accessKeyId() + session);
        return new RequestSigner(credentials, scope);
    }

    private void trace(String line) {
        if (verbose) {
            environment.note(line);
        }
    }

    private int printCurl(UnsignedRequest request, RequestBody body, SigningScope scope) {
        CurlCommand curl = new CurlCommand(request, body, scope);
        if (authority != null) {
            curl.with("--cacert", authority.toString());
        }
        if (include) {
            curl.with("--include", null);
        }
        if (maxTime != null) {
            curl.with(
                    "--max-time",
                    BigDecimal.valueOf(maxTime.toMillis(), 3)
                            .stripTrailingZeros()
                            .toPlainString());
        }
        environment.print(curl.text() + "\n");
        if (!environment.variables().containsKey("AWS_ACCESS_KEY_ID")) {
            environment.warn("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY before you run it; for a profile: "
                    + SdkConfiguration.exportCommand(profile));
        }
        return OK;
    }

    private int printUrl(SignedRequest request) {
        environment.print(request.uri() + "\n");
        if (!request.method().equals("GET") || request.headers().size() > 1 || request.body().length > 0) {
            environment.warn("the signature covers more than the URL: call it with " + request.method()
                    + (request.headers().size() > 1 ? ", the same headers" : "")
                    + (request.body().length > 0 ? ", the same body" : ""));
        }
        return OK;
    }

    private int printRequest(SignedRequest request) {
        environment.print(String.join("\n", RequestText.head(request)) + "\n\n");
        environment.print(request.body());
        return OK;
    }

    private int repeat(int times, List<RepeatedCall> calls, HttpSender sender) {
        if (times < 1 || times > MAX_REPEAT) {
            throw new IllegalArgumentException("--repeat takes 1 to " + MAX_REPEAT + ", not " + times);
        }
        return new Repetition(calls, sender, environment, PROGRESS_INTERVAL).run(times) ? OK : FAILED;
    }

    private int callOnce(SignedRequest request, HttpSender sender) {
        Answer answer = new TracedSender(sender, this::trace).send(request);
        AnswerPrinter printer = new AnswerPrinter(environment);
        if (include) {
            printer.printHead(answer);
        }
        printer.printBody(answer);
        if (answer.isSuccess()) {
            return OK;
        }
        if (environment.isGlued(answer.body())) {
            environment.note("");
        }
        environment.fail(Refusal.explain(answer));
        return FAILED;
    }
}
