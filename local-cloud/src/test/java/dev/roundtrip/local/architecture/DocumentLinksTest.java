package dev.roundtrip.local.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The links of the documents to files and headings of this repository. */
class DocumentLinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCED = Pattern.compile("(?s)\n *```.*?\n *```");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_resolve(Path document) throws IOException {
        List<String> links = LINK.matcher(prose(document))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !ELSEWHERE.matcher(link).lookingAt())
                .toList();

        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
            assertThat(file).exists();
            if (parts.length == 2) {
                assertThat(anchors(file)).contains(parts[1]);
            }
        });
    }

    @Test
    void every_page_has_a_link_in_the_readme_and_every_decision_in_the_list() throws IOException {
        assertThat(linked(ROOT.resolve("README.md"))).containsAll(pages(ROOT.resolve("docs")));
        assertThat(linked(ROOT.resolve("docs/adr/README.md"))).containsAll(pages(ROOT.resolve("docs/adr")));
    }

    private static List<Path> linked(Path document) throws IOException {
        return LINK.matcher(prose(document))
                .results()
                .map(link -> document.resolveSibling(link.group(1).split("#", 2)[0]))
                .toList();
    }

    private static List<Path> pages(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".md") && !file.endsWith("README.md"))
                    .toList();
        }
    }

    private static String prose(Path document) throws IOException {
        return FENCED.matcher("\n" + Files.readString(document)).replaceAll("\n");
    }

    /** What a link names a heading, as GitHub has it. */
    private static List<String> anchors(Path document) throws IOException {
        return HEADING.matcher(prose(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
