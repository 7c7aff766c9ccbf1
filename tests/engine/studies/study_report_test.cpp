// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/study_report.h"
#include "engine/studies/svg_figure.h"
#include "tests/support/program.h"

#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <cmath>
#include <map>

using namespace kappascope;

namespace {

Figure figure() {
    return {"a-figure",
            "Loss < 1 & falling",
            "A \"caption\".",
            {"step"},
            {"loss", true},
            {{"Plain",
              0,
              false,
              true,
              {{0, 1, 2, 3}, {1, 0.5, 1, 2}, {2, 0, std::nan(""), 0}, {3, 0.1, 0.2, 0.4}}},
             {"theory", 7, true, true, {{0, 2, 2, 2}, {3, 0.1, 0.1, 0.1}}}}};
}

Claim claim(const std::string& key) {
    Claim made;
    static_cast<Description&>(made) = {key, "It < holds", "The paper says & shows.", "Somewhere 2022", {}};
    made.measured = "By hand.";
    return made;
}

StudyResult result(bool seen) {
    StudyResult made;
    made.findings = {{"one, with a comma", true, "1 ± 0"}, {"the other", seen, "2 ± 1"}};
    made.figures = {figure()};
    made.tables = {{"Numbers", {"a", "b"}, {{"1", "<2>"}}, "A note.", false}};
    made.measurements = {{"a setting, x", "BNP", 0.1, 3, "test_accuracy", 100, 0.975}};
    made.processorSeconds = 90;
    return made;
}

/// Every start tag with how often it stands there; fails on text that is not well-formed.
std::map<QString, int> tagsOf(const std::string& xml) {
    QXmlStreamReader reader(QString::fromStdString(xml));
    std::map<QString, int> tags;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement) ++tags[reader.name().toString()];
    if (reader.hasError()) qWarning() << reader.errorString() << reader.lineNumber() << reader.columnNumber();
    return reader.hasError() ? std::map<QString, int>{} : tags;
}

/// The y of all marks of the class, in the order of the document.
QList<double> heightsOf(const std::string& svg, const QString& markClass) {
    QXmlStreamReader reader(QString::fromStdString(svg));
    QList<double> heights;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement &&
            reader.attributes().value("class") == markClass && reader.name() == QStringLiteral("circle"))
            heights << reader.attributes().value("cy").toDouble();
    return heights;
}

} // namespace

class StudyReportTest : public QObject {
    Q_OBJECT
private slots:
    void figuresAreWellFormed() {
        const auto tags = tagsOf(svgDocument(figure()));
        QCOMPARE(tags.at("svg"), 1);
        QCOMPARE(tags.at("title"), 1);
        QCOMPARE(tags.at("circle"), 4);   // three values and the legend's
        QCOMPARE(tags.at("polyline"), 3); // the gap cuts the first curve in two
        QVERIFY(svgDocument(figure()).find("prefers-color-scheme:dark") != std::string::npos);
    }

    void higherValuesStandHigher() {
        const QList<double> heights = heightsOf(svgElement(figure()), "kp0");
        QCOMPARE(heights.size(), 4);
        QVERIFY(heights[1] < heights[2] && heights[2] < heights[3]); // 2, 1, 0.2
        // logarithmic: 2 to 1 is log 2, 1 to 0.2 is log 5
        QVERIFY(std::abs((heights[3] - heights[2]) / (heights[2] - heights[1]) - std::log(5) / std::log(2)) <
                0.05);
    }

    void nothingToDrawIsAnEmptyFigure() {
        Figure empty = figure();
        empty.curves = {{"gone", 0, false, true, {{0, std::nan(""), std::nan(""), std::nan("")}}}};
        QCOMPARE(tagsOf(svgDocument(empty)).at("svg"), 1);
        empty.curves.clear();
        QCOMPARE(tagsOf(svgDocument(empty)).at("svg"), 1);
    }

    void thePageSaysWhatHolds() {
        const Claim first = claim("first"), second = claim("second");
        ReportHead head;
        head.images = "MNIST";
        head.command = "kappascope-cli reproduce";
        std::string page = reportPage(head, {{&first, result(true)}, {&second, result(false)}});
        for (const char* words :
             {"holds partly", "1 of 2", "2 of 2", "It &lt; holds", "The paper says &amp; shows.",
              "Somewhere 2022", "By hand.", "<b>not seen</b>", "&lt;2&gt;", "1.5 min", "3 min"})
            QVERIFY2(page.find(words) != std::string::npos, words);
        QVERIFY(page.find("<script") == std::string::npos);
        // but for the document type and two void elements the page is XML
        page.erase(0, page.find('\n'));
        while (page.find("<meta") != std::string::npos)
            page.erase(page.find("<meta"), page.find('>', page.find("<meta")) - page.find("<meta") + 1);
        QCOMPARE(tagsOf(page).at("section"), 2);
    }

    void filesAreAllThere() {
        const QTemporaryDir folder;
        const Claim first = claim("first");
        const std::string path = folder.filePath("deep/report").toStdString();
        writeReport(path, {}, {{&first, result(false)}});
        const QString base = QString::fromStdString(path);
        QVERIFY(test::read(base + "/index.html").size() > 1000);
        QVERIFY(test::read(base + "/figures/a-figure.svg").startsWith("<svg"));
        QCOMPARE(test::read(base + "/measurements.csv"),
                 QByteArray("claim,setting,run,learning_rate,seed,metric,step,value\n"
                            "first,\"a setting, x\",BNP,0.1,3,test_accuracy,100,0.975\n"));
        QCOMPARE(
            test::read(base + "/findings.csv"),
            QByteArray(
                "claim,verdict,expected,seen,measured\nfirst,holds partly,\"one, with a comma\",yes,1 ± 0\n"
                "first,holds partly,the other,no,2 ± 1\n"));
    }
};

QTEST_APPLESS_MAIN(StudyReportTest)
#include "study_report_test.moc"
