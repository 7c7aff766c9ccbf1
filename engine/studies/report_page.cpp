// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/number_text.h"
#include "engine/studies/study_report.h"
#include "engine/studies/svg_figure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kappascope {

namespace {

const char* const pageStyle = R"css(
:root{color-scheme:light dark;--ground:#f4f5f7;--panel:#fff;--line:#e1e4e9;--text:#1c2128;--quiet:#626c78;--accent:#2f6fdd;
--holds:#1b7f5c;--partly:#9a6700;--fails:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#15181c;--panel:#1d2126;--line:#2d333a;--text:#e3e7ec;--quiet:#939daa;
--accent:#6ea2ff;--holds:#3fc79a;--partly:#f5bd4a;--fails:#ff8f85}}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;margin:0 0 8px}h2{font-size:19px;margin:0 0 8px}h3{font-size:14px;margin:20px 0 6px}
p{margin:6px 0;max-width:80ch}.quiet{color:var(--quiet)}a{color:var(--accent)}
section,.card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:20px 24px;margin:20px 0}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}
th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--quiet);font-weight:600}
.verdict{font-weight:600;white-space:nowrap}.holds{color:var(--holds)}.partly{color:var(--partly)}.fails{color:var(--fails)}
ul.findings{list-style:none;padding:0;margin:8px 0}ul.findings li{margin:6px 0;padding-left:24px;position:relative}
ul.findings li::before{position:absolute;left:0;content:"✗";color:var(--fails)}ul.findings li.seen::before{content:"✓";color:var(--holds)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:20px}figure{margin:12px 0 0}figure svg{width:100%;height:auto}
figcaption{font-size:13px;color:var(--quiet)}figcaption b{color:var(--text)}summary{cursor:pointer;color:var(--accent);margin-top:12px}
code{font:13px ui-monospace,monospace}
)css";

const char* classOf(Verdict verdict) {
    return verdict == Verdict::Holds ? "holds" : verdict == Verdict::HoldsPartly ? "partly" : "fails";
}

std::string verdictMark(Verdict verdict) {
    return std::string("<span class=\"verdict ") + classOf(verdict) + "\">" + wordsOf(verdict) + "</span>";
}

std::string seenText(const StudyResult& result) {
    return std::to_string(std::ranges::count(result.findings, true, &Finding::seen)) + " of " +
           std::to_string(result.findings.size());
}

std::string minutesText(double seconds) {
    constexpr double minute = 60;
    return seconds < minute ? numberText(seconds) + " s"
                            : numberText(std::round(seconds / minute * 10) / 10) + " min";
}

std::string overview(const std::vector<StudiedClaim>& claims) {
    std::string html =
        "<div class=\"wide\"><table><tr><th>claim</th><th>in our hands</th><th>findings seen</th>"
        "<th>processor time</th></tr>\n";
    for (const StudiedClaim& studied : claims)
        html += "<tr><td><a href=\"#" + studied.claim->key + "\">" + escaped(studied.claim->label) +
                "</a></td><td>" + verdictMark(studied.result.verdict()) + "</td><td>" +
                seenText(studied.result) + "</td><td>" + minutesText(studied.result.processorSeconds) +
                "</td></tr>\n";
    return html + "</table></div>\n";
}

std::string cells(const std::vector<std::string>& row, const char* tag) {
    std::string html = "<tr>";
    for (const std::string& cell : row)
        html += std::string("<") + tag + '>' + escaped(cell) + "</" + tag + '>';
    return html + "</tr>\n";
}

std::string tableOf(const StudyTable& table) {
    std::string body = "<div class=\"wide\"><table>" + cells(table.head, "th");
    for (const auto& row : table.rows)
        body += cells(row, "td");
    body += "</table></div>\n";
    if (!table.note.empty()) body += "<p class=\"quiet\">" + escaped(table.note) + "</p>\n";
    const std::string title = escaped(table.title);
    return table.folded ? "<details><summary>" + title + "</summary>" + body + "</details>\n"
                        : "<h3>" + title + "</h3>\n" + body;
}

std::string figureOf(const Figure& figure) {
    return "<figure id=\"" + figure.key + "\">" + svgElement(figure) + "<figcaption><b>" +
           escaped(figure.title) + ".</b> " + escaped(figure.caption) + "</figcaption></figure>\n";
}

std::string findingsOf(const StudyResult& result) {
    std::string html = "<ul class=\"findings\">\n";
    for (const Finding& finding : result.findings)
        html += std::string(finding.seen ? "<li class=\"seen\">" : "<li>") + escaped(finding.expected) +
                (finding.seen ? ": seen. " : ": <b>not seen</b>. ") + "<span class=\"quiet\">" +
                escaped(finding.measured) + "</span></li>\n";
    return html + "</ul>\n";
}

std::string sectionOf(const StudiedClaim& studied) {
    const Claim& claim = *studied.claim;
    const StudyResult& result = studied.result;
    std::string html = "<section id=\"" + claim.key + "\"><h2>" + escaped(claim.label) + "</h2>\n<p>" +
                       verdictMark(result.verdict()) + " in our hands: " + seenText(result) +
                       " findings seen.</p>\n<h3>What the paper says</h3><p>" + escaped(claim.help) +
                       " <span class=\"quiet\">(" + escaped(claim.reference) + ")</span></p>\n" +
                       "<h3>How it was measured</h3><p>" + escaped(claim.measured) + "</p>\n" +
                       "<h3>What was found</h3>\n" + findingsOf(result) + "<div class=\"figures\">\n";
    for (const Figure& figure : result.figures)
        html += figureOf(figure);
    html += "</div>\n";
    for (const StudyTable& table : result.tables)
        html += tableOf(table);
    for (const std::string& note : result.notes)
        html += "<p class=\"quiet\">" + escaped(note) + "</p>\n";
    return html + "</section>\n";
}

std::string introduction(const ReportHead& head, const std::vector<StudiedClaim>& claims) {
    const double seconds =
        std::accumulate(claims.begin(), claims.end(), 0.0, [](double sum, const StudiedClaim& studied) {
            return sum + studied.result.processorSeconds;
        });
    const bool full = head.options.scale == StudyScale::Full;
    return "<p>S. Lange, K. Helfrich, Q. Ye, <i>Batch Normalization Preconditioning for Neural Network "
           "Training</i>, "
           "Journal of Machine Learning Research 23(72), 2022 (arXiv 2108.01110): its claims, in our words, "
           "and what "
           "Kappascope " KAPPASCOPE_VERSION
           " measured. Every number here comes from the run that wrote this page; "
           "where a claim does not hold in our hands, it says so.</p>\n<p class=\"quiet\">" +
           std::string(full ? "Full" : "Quick") + " run: " + std::to_string(head.options.seeds) +
           " seeds, images of " + escaped(head.images) + ", " + minutesText(seconds) + " of processor time" +
           (head.processor.empty() ? "" : " (" + escaped(head.processor) + ")") +
           (head.date.empty() ? "" : ", " + escaped(head.date)) + ". Again with <code>" +
           escaped(head.command) +
           "</code>; numbers beside these figures: <a href=\"measurements.csv\">measurements.csv</a>, "
           "<a href=\"findings.csv\">findings.csv</a>.</p>\n";
}

} // namespace

std::string reportPage(const ReportHead& head, const std::vector<StudiedClaim>& claims) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                       "<title>Batch Normalization Preconditioning, reproduced</title>\n<style>" +
                       std::string(pageStyle) + svgStyle() + "</style></head>\n<body><main>\n" +
                       "<h1>Batch Normalization Preconditioning, reproduced</h1>\n" +
                       introduction(head, claims) + "<div class=\"card\">" + overview(claims) + "</div>\n";
    for (const StudiedClaim& studied : claims)
        html += sectionOf(studied);
    return html + "</main></body></html>\n";
}

} // namespace kappascope
