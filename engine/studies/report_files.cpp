// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/csv_text.h"
#include "engine/files/whole_file.h"
#include "engine/studies/study_report.h"
#include "engine/studies/svg_figure.h"

namespace kappascope {

namespace {
constexpr int digits = 9; // of float32, in which networks are compared
}

std::string measurementsCsv(const std::vector<StudiedClaim>& claims) {
    std::string csv = "claim,setting,run,learning_rate,seed,metric,step,value\n";
    for (const StudiedClaim& studied : claims)
        for (const Measurement& row : studied.result.measurements)
            csv += studied.claim->key + ',' + csvField(row.setting) + ',' + csvField(row.run) + ',' +
                   formatNumber(row.learningRate, digits) + ',' + std::to_string(row.seed) + ',' +
                   row.metric + ',' + std::to_string(row.step) + ',' + formatNumber(row.value, digits) + '\n';
    return csv;
}

std::string findingsCsv(const std::vector<StudiedClaim>& claims) {
    std::string csv = "claim,verdict,expected,seen,measured\n";
    for (const StudiedClaim& studied : claims)
        for (const Finding& finding : studied.result.findings)
            csv += studied.claim->key + ',' + wordsOf(studied.result.verdict()) + ',' +
                   csvField(finding.expected) + ',' + (finding.seen ? "yes" : "no") + ',' +
                   csvField(finding.measured) + '\n';
    return csv;
}

void writeReport(const std::filesystem::path& folder, const ReportHead& head,
                 const std::vector<StudiedClaim>& claims) {
    makeFolder(folder / "figures");
    writeWholeFile(folder / "index.html", reportPage(head, claims));
    writeWholeFile(folder / "measurements.csv", measurementsCsv(claims));
    writeWholeFile(folder / "findings.csv", findingsCsv(claims));
    for (const StudiedClaim& studied : claims)
        for (const Figure& figure : studied.result.figures)
            writeWholeFile(folder / "figures" / (figure.key + ".svg"), svgDocument(figure));
}

} // namespace kappascope
