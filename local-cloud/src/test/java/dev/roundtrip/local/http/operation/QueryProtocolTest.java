package dev.roundtrip.local.http.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.QueryXml;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.log.BoundedLog;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service whose requests are forms, and whose answers are XML. */
class QueryProtocolTest {
    private final OperationService service = new OperationService(
            new OperationTable(
                    "test",
                    "test-2011-06-15",
                    Set.of("test"),
                    new HttpLimits(1000, 1000, 1000),
                    Protocol.QUERY,
                    List.of(
                            Operation.permitted(
                                    "Echo",
                                    "POST /",
                                    request -> QueryXml.ok(
                                            "Echo",
                                            "urn:a",
                                            Map.of("Said", request.form().required("Say")),
                                            request.id())),
                            Operation.unserved("Sing", "POST /"))),
            "test",
            (request, source) -> new RequestAuthentication.Known(access -> true),
            () -> true,
            new RefusedRequests(new BoundedLog(line -> {})));

    private String ask(String query, String contentType, String body) throws Exception {
        HttpReply reply = PlainExchange.ask(
                service,
                new SignedRequest(
                        "POST", "/", query, List.of(new Header("Content-Type", contentType)), body.getBytes(UTF_8)));
        return reply.status() + " " + new String(reply.body(), UTF_8);
    }

    private String form(String body) throws Exception {
        return ask("", "application/x-www-form-urlencoded; charset=utf-8", body);
    }

    @Test
    void form_names_the_operation_and_its_parameters() throws Exception {
        assertThat(form("Action=Echo&Version=2011-06-15&Say=a+b%26c"))
                .startsWith("200 ")
                .contains("<Said>a b&amp;c</Said>");
    }

    @Test
    void query_may_name_them_too() throws Exception {
        assertThat(ask("Action=Echo&Version=2011-06-15&Say=x", "text/plain", ""))
                .startsWith("200 ")
                .contains("<Said>x</Said>");
    }

    @ParameterizedTest
    @CsvSource({
        "Version=2011-06-15, 400, MissingAction",
        "Action=Shout&Version=2011-06-15, 400, InvalidAction",
        "Action=Echo&Version=2010-01-01, 400, InvalidAction",
        "Action=Echo, 400, InvalidAction",
        "Action=Echo&Version=2011-06-15, 400, InvalidRequest",
        "Action=Echo&Action=Echo&Version=2011-06-15, 400, InvalidRequest",
        "Action=Echo&Version=2011-06-15&Say=%zz, 400, InvalidRequest",
        "Action=Sing&Version=2011-06-15, 501, NotImplemented",
        "'', 400, MissingAction"
    })
    void form_that_asks_for_nothing_is_refused(String body, int status, String code) throws Exception {
        assertThat(form(body)).startsWith(status + " ").contains("<Code>" + code + "</Code>");
    }
}
