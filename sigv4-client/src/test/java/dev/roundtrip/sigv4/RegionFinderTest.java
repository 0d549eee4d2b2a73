package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionFinderTest {
    private static final URI AWS = URI.create("https://abc123.execute-api.eu-west-3.amazonaws.com/Prod/invoke");
    private static final URI ELSEWHERE = URI.create("http://localhost:8080/Prod/invoke");

    private final Account account = Account.plain();

    @ParameterizedTest
    @CsvSource({
        "abc123.execute-api.us-east-1.amazonaws.com, us-east-1",
        "abc123.execute-api.cn-north-1.amazonaws.com.cn, cn-north-1",
        "abc123.execute-api.us-gov-west-1.amazonaws.com, us-gov-west-1",
        "vpce-0a1b-c2.execute-api.ap-southeast-2.vpce.amazonaws.com, ap-southeast-2",
        "abc123.execute-api.eusc-de-east-1.amazonaws.eu, eusc-de-east-1",
        "abc123.execute-api.eu-west-1.api.aws, eu-west-1",
        "abc123-ats.iot.eu-central-1.amazonaws.com, eu-central-1",
        "abcdefg.lambda-url.sa-east-1.on.aws, sa-east-1",
    })
    void host_of_aws_tells_its_region(String host, String region) {
        assertThat(RegionFinder.ofHost(URI.create("https://" + host + "/"))).contains(region);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "api.example.com", "x.eu-west-1.example.com", "[::1]"})
    void other_hosts_tell_none(String host) {
        assertThat(RegionFinder.ofHost(URI.create("https://" + host + "/"))).isEmpty();
    }

    @Test
    void option_comes_before_environment_before_profile_before_host() {
        Map<String, String> both = Map.of("AWS_REGION", "r-env", "AWS_DEFAULT_REGION", "r-default");
        Map<String, String> second = Map.of("AWS_REGION", " ", "AWS_DEFAULT_REGION", "r-default");

        assertThat(new RegionFinder(both, account.inRegion("r-profile"))
                        .find("r-option", AWS)
                        .region())
                .isEqualTo("r-option");
        assertThat(new RegionFinder(both, account.inRegion("r-profile"))
                        .find(null, AWS)
                        .region())
                .isEqualTo("r-env");
        assertThat(new RegionFinder(second, account.inRegion("r-profile"))
                        .find(null, AWS)
                        .region())
                .isEqualTo("r-default");
        assertThat(new RegionFinder(Map.of(), account.inRegion("r-profile"))
                        .find(null, AWS)
                        .region())
                .isEqualTo("r-profile");
        assertThat(new RegionFinder(Map.of(), account).find(null, AWS).region()).isEqualTo("eu-west-3");
    }

    @Test
    void unknown_region_is_refused_with_advice() {
        assertThatThrownBy(() -> new RegionFinder(Map.of(), account).find(null, ELSEWHERE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--region")
                .hasMessageContaining("localhost");
    }
}
