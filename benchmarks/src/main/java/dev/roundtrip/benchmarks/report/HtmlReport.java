package dev.roundtrip.benchmarks.report;

import java.time.temporal.ChronoUnit;
import java.util.List;

/** A report as one page that needs nothing from elsewhere. */
public final class HtmlReport {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Roundtrip, measured</title>
            <style>
            :root { color-scheme: light dark; --text: light-dark(#222, #ddd); --soft: light-dark(#666, #aaa);
                    --line: light-dark(#ddd, #444);
                    --l0: light-dark(#0a5fb4, #6cb2ff); --l1: light-dark(#c4560b, #ffa45e);
                    --l2: light-dark(#1d7f45, #6fd39a); }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--text);
                   max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            p, dt { color: var(--soft); } h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dd { margin: 0; }
            .wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--line);
                     white-space: nowrap; }
            th:first-child, td:first-child { text-align: left; padding-left: 0; } th { font-weight: 600; }
            .missed { color: var(--l1); font-weight: 600; }
            svg { width: 100%; max-width: 45rem; height: auto; } svg text { fill: var(--soft); font-size: 12px; }
            svg .grid { stroke: var(--line); } svg path { fill: none; stroke-width: 2; }
            </style>
            <h1>Roundtrip, measured</h1>
            """;

    private HtmlReport() {}

    public static String render(Report report) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("<p>")
                .append(report.begun().truncatedTo(ChronoUnit.SECONDS))
                .append("</p>\n<dl>\n");
        report.conditions()
                .forEach((name, value) -> page.append("<dt>")
                        .append(escape(name))
                        .append("</dt><dd>")
                        .append(escape(value))
                        .append("</dd>\n"));
        page.append("</dl>\n<h2>Targets</h2>\n<div class=\"wide\"><table>\n")
                .append("<tr><th></th><th>wanted</th><th>measured</th><th></th></tr>\n");
        report.targets().forEach(target -> target(page, target));
        page.append("</table></div>\n");
        report.sections().forEach(section -> section(page, section));
        return page.append("</html>\n").toString();
    }

    private static void target(StringBuilder page, Target target) {
        page.append("<tr><td>")
                .append(escape(target.name()))
                .append("</td><td>")
                .append(target.wanted())
                .append("</td><td>")
                .append(Figures.plain(target.measured()))
                .append(target.isMet() ? "</td><td>met" : "</td><td class=\"missed\">missed")
                .append("</td></tr>\n");
    }

    private static void section(StringBuilder page, Section section) {
        page.append("<h2 id=\"")
                .append(section.id())
                .append("\">")
                .append(escape(section.title()))
                .append("</h2>\n<p>");
        page.append(escape(section.method())).append("</p>\n<div class=\"wide\"><table>\n");
        TextTable table = section.table().printed();
        row(page, "th", table.header());
        table.rows().forEach(row -> row(page, "td", row));
        page.append("</table></div>\n");
        section.plots().forEach(plot -> page.append(Svg.render(plot)));
    }

    private static void row(StringBuilder page, String element, List<String> cells) {
        String end = "</" + element + ">";
        page.append("<tr>");
        cells.forEach(cell -> page.append('<')
                .append(element)
                .append('>')
                .append(escape(cell))
                .append(end));
        page.append("</tr>\n");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
