package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.store.table.InMemoryTables;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Placeholders that get their values when a thing gets the document, with a signer that says who asked. */
class DocumentValuesTest {
    private static final String URL = "${aws:iot:s3-presigned-url-v2:https://s3.amazonaws.com/b/k}";

    private int signed;

    private final TestJobs test = new TestJobs(new InMemoryTables(), JobLimits.NONE, new DocumentValues() {
        @Override
        public void check(Placeholder placeholder) {
            // All can be signed.
        }

        @Override
        public String of(Placeholder placeholder, Recipient recipient) {
            signed++;
            return placeholder.argument() + "?to=" + recipient.thing() + "&for=" + recipient.expiresInSec() + "&n="
                    + signed;
        }
    });

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void create(String id, String text) {
        var unused = test.ask(
                        "PUT",
                        "/jobs/" + id,
                        "{'targets':['" + TestJobs.ARN + "thing/pump'],'document':'{\\'u\\':\\'" + text
                                + "\\',\\'n\\':1.50}','presignedUrlConfig':{'roleArn':'arn:aws:iam::1:role/r',"
                                + "'expiresInSec':60}}")
                .ok();
    }

    private JsonNode delivered() throws IOException {
        return TestJobs.json(test.ask("GET", "/data/things/pump/jobs/$next", "")
                .ok()
                .body()
                .at("/execution/jobDocument")
                .textValue());
    }

    @Test
    void url_is_signed_anew_each_time_that_the_thing_gets_the_document() throws IOException {
        create("j", "get " + URL);

        assertThat(delivered().path("u").textValue()).isEqualTo("get https://s3.amazonaws.com/b/k?to=pump&for=60&n=1");
        assertThat(delivered().path("u").textValue()).endsWith("&n=2");
        assertThat(delivered().path("n").toString()).isEqualTo("1.5");
    }

    @Test
    void control_plane_shows_the_placeholder() {
        create("j", URL);

        assertThat(test.ask("GET", "/jobs/j/job-document", "")
                        .ok()
                        .body()
                        .path("document")
                        .textValue())
                .contains(URL);
    }

    @Test
    void document_without_such_a_placeholder_is_delivered_as_it_was_written() {
        create("j", "${HOME} ${aws:iot:other:x}");

        assertThat(test.ask("GET", "/data/things/pump/jobs/$next", "")
                        .ok()
                        .body()
                        .at("/execution/jobDocument")
                        .textValue())
                .isEqualTo("{\"u\":\"${HOME} ${aws:iot:other:x}\",\"n\":1.50}");
    }

    @Test
    void key_of_an_upload_may_have_placeholders_of_its_own() {
        List<Placeholder> found = Placeholder.in(JobJson.parsed(
                "{\"a\":[\"${aws:iot:s3-presigned-url-upload:https://s3.amazonaws.com/b/${thingName}/${jobId}}\","
                        + "\"${aws:iot:s3-presigned-url-upload}\",\"${aws:iot:broken\"]}"));

        assertThat(found)
                .containsExactly(
                        new Placeholder("s3-presigned-url-upload", "https://s3.amazonaws.com/b/${thingName}/${jobId}"),
                        new Placeholder("s3-presigned-url-upload", ""));
    }
}
