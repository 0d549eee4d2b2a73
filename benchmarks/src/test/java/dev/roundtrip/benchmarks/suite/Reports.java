package dev.roundtrip.benchmarks.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads what Surefire and Failsafe wrote. */
final class Reports {
    private static final List<String> FOLDERS = List.of("target/surefire-reports", "target/failsafe-reports");

    private Reports() {}

    /** All tests of the modules in a folder.
     *
     * @param since when the build began: older reports are another build's
     * @throws IOException when a report cannot be read
     */
    static List<Outcome> read(Path repository, Instant since) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Path file : files(repository)) {
            if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                outcomes.addAll(outcomes(file));
            }
        }
        return outcomes;
    }

    private static List<Path> files(Path repository) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(repository)) {
            for (Path module : modules.sorted().toList()) {
                for (String folder : FOLDERS) {
                    if (Files.isDirectory(module.resolve(folder))) {
                        try (Stream<Path> reports = Files.list(module.resolve(folder))) {
                            reports.filter(report ->
                                            report.getFileName().toString().matches("TEST-.*\\.xml"))
                                    .sorted()
                                    .forEach(files::add);
                        }
                    }
                }
            }
        }
        return files;
    }

    private static List<Outcome> outcomes(Path file) throws IOException {
        try {
            DocumentBuilder reader = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
            NodeList tests = reader.parse(file.toFile()).getElementsByTagName("testcase");
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < tests.getLength(); i++) {
                outcomes.add(outcome((Element) tests.item(i)));
            }
            return outcomes;
        } catch (SAXException malformed) {
            throw new IOException(file + " is no report of tests", malformed);
        } catch (ParserConfigurationException missing) {
            throw new IllegalStateException("this Java runtime reads no XML", missing);
        }
    }

    private static Outcome outcome(Element test) {
        String type = test.getAttribute("classname");
        String method = test.getAttribute("name");
        NodeList skipped = test.getElementsByTagName("skipped");
        return new Outcome(
                type.substring(type.lastIndexOf('.') + 1) + (method.isEmpty() ? "" : "." + method),
                Double.parseDouble(test.getAttribute("time").replace(",", "")),
                skipped.getLength() == 0 ? null : ((Element) skipped.item(0)).getAttribute("message"));
    }
}
