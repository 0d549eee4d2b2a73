package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestUriTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h                           | http://h/",
                "HTTPS://Host.Example:443/a         | https://host.example/a",
                "http://h:80?b=2&a=1                | http://h/?a=1&b=2",
                "https://h:8443/x#fragment          | https://h:8443/x",
                "http://[::1]:8080/x                | http://[::1]:8080/x",
                "http://h/a b/ü/{x}                 | http://h/a%20b/%C3%BC/%7Bx%7D",
                "http://h/a%2fb%7ec/100%/:@+        | http://h/a%2Fb~c/100%25/:@+",
                "http://h/a/./b/../c/..             | http://h/a/",
                "http://h/../../x//y/               | http://h/x//y/",
                "http://h/?request={\"a\": 1}&x     | http://h/?request=%7B%22a%22%3A%201%7D&x=",
                "http://h/?a=1+1&b=1%2b1&&c=x=y/z?  | http://h/?a=1%201&b=1%2B1&c=x%3Dy%2Fz%3F",
                "http://h/?b=2&a=2&b=1&a=1          | http://h/?a=2&a=1&b=2&b=1",
                "http://h/?a-b=1&a=2&A=3            | http://h/?A=3&a=2&a-b=1",
                "http://h/?                         | http://h/",
            })
    void typed_address_becomes_the_signed_one(String typed, String expected) {
        assertThat(RequestUri.of(typed)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8080/x",
                "ftp://h/x",
                "http://",
                "http:///x",
                "http://me:secret@h/x",
                "http://h:0/",
                "http://h:99999/",
                "http://h:x/",
                "http://no host/",
                "http://under_score/",
                "http://h/?a=%ff",
            })
    void what_cannot_be_called_is_refused(String typed) {
        assertThatThrownBy(() -> RequestUri.of(typed)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void signed_form_stays_as_it_is(
            @ForAll @StringLength(max = 40) String path, @ForAll @StringLength(max = 40) String query) {
        // given any characters after the host
        String typed = "http://h/" + path.replaceAll("[?#\r\n]", "") + "?" + query.replaceAll("[#%\r\n]", "");

        // when it is brought into its form
        String once = RequestUri.of(typed).toString();

        // then it is ASCII without blanks, and doing so again changes nothing
        assertThat(once).matches("[!-~]+");
        assertThat(RequestUri.of(once)).hasToString(once);
    }
}
