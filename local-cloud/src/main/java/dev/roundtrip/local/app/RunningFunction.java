package dev.roundtrip.local.app;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.invoke.lambda.InvalidSettingException;
import dev.roundtrip.invoke.lambda.InvokeHandler;
import dev.roundtrip.invoke.lambda.Settings;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.local.lambda.FunctionPackage;
import dev.roundtrip.local.lambda.ProcessRuntime;
import dev.roundtrip.local.lambda.RuntimeSettings;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.users.Credentials;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** The function, wherever it runs.
 *
 * @param handler takes calls, many at once
 * @param waiting how many calls wait for their end; 0 where nobody outside can know
 * @param close ends it
 */
record RunningFunction(
        RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler,
        IntSupplier waiting,
        Runnable close) {

    /** @throws StartException when a setting is missing or malformed */
    static RunningFunction inProcess(Map<String, String> environment, Foundation foundation) throws StartException {
        Credentials credentials = credentials(foundation);
        try {
            InvokeHandler handler = new InvokeHandler(
                    Settings.from(environment),
                    new GatewayCredentials.Fixed(credentials.accessKeyId(), credentials.secretAccessKey(), null),
                    foundation.settings().log());
            return new RunningFunction(
                    new JournaledFunction(handler, foundation.journal()), handler::waitingCalls, handler::close);
        } catch (InvalidSettingException wrong) {
            throw failed(wrong);
        }
    }

    /** @param loops carry the Runtime API
     * @throws StartException when the package is not built, or does not start
     */
    static RunningFunction inOwnProcess(
            Map<String, String> environment, Foundation foundation, RuntimeSettings.Scale scale, EventLoopGroup loops)
            throws StartException {
        Credentials credentials = credentials(foundation);
        Consumer<String> log = foundation.settings().log();
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
        try {
            ProcessRuntime runtime = ProcessRuntime.start(
                    new RuntimeSettings(
                            FunctionPackage.built(),
                            variables,
                            scale,
                            line -> log.accept(LogLine.ofOutput("function", line)),
                            foundation.journal()),
                    loops);
            return new RunningFunction(runtime, () -> 0, runtime::close);
        } catch (IOException wrong) {
            throw failed(wrong);
        }
    }

    /** Another broker may be that of another local cloud with the same state directory, which knows its keys alone. */
    private static Credentials credentials(Foundation foundation) {
        return switch (foundation.settings().broker()) {
            case LocalCloudSettings.BrokerChoice.Own own ->
                foundation.principals().functionKey();
            case LocalCloudSettings.BrokerChoice.Other other ->
                foundation.state().credentials();
        };
    }

    private static StartException failed(Exception why) {
        return new StartException("the function does not start: " + why.getMessage(), why);
    }

    void stop() {
        close.run();
    }
}
