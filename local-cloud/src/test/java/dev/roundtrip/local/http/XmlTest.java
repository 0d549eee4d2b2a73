package dev.roundtrip.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** What is written is read back by another parser. */
class XmlTest {
    private static Document parse(HttpReply reply) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(reply.body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "<a>&amp;</a>", "]]>", "\"'", "a\r\nb\tc", "grüß", "\uD83D\uDE00"})
    void text_is_read_back(String text) throws Exception {
        HttpReply reply = new Xml().element("a", text).reply(200);

        assertThat(parse(reply).getDocumentElement().getTextContent()).isEqualTo(text);
    }

    @Test
    void character_that_xml_does_not_have_becomes_a_question_mark() throws Exception {
        HttpReply reply = new Xml().element("a", "x\u0000\u0007\uFFFFy").reply(200);

        assertThat(parse(reply).getDocumentElement().getTextContent()).isEqualTo("x???y");
    }

    @Test
    void success_of_the_protocol_query_has_result_and_request_id() throws Exception {
        HttpReply reply = QueryXml.ok("GetIt", "https://example.com/", Map.of("Arn", "a&b"), "id-1");

        Document document = parse(reply);
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("GetItResponse");
        assertThat(document.getElementsByTagName("Arn").item(0).getTextContent())
                .isEqualTo("a&b");
        assertThat(document.getElementsByTagName("RequestId").item(0).getTextContent())
                .isEqualTo("id-1");
    }

    @Test
    void errors_of_both_protocols_have_code_message_and_request_id() throws Exception {
        for (HttpReply reply : new HttpReply[] {
            QueryXml.refused(400, "Invalid", "no <b>", "id-2"), RestXml.refused(400, "Invalid", "no <b>", "id-2")
        }) {
            Document document = parse(reply);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(document.getElementsByTagName("Code").item(0).getTextContent())
                    .isEqualTo("Invalid");
            assertThat(document.getElementsByTagName("Message").item(0).getTextContent())
                    .isEqualTo("no <b>");
            assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("<RequestId>id-2</RequestId>");
        }
    }
}
