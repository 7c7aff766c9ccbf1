// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the source tree to the house rules: a file includes only what stands below it, the engine never sees
// Qt, and files stay short enough to be read at a sitting.

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

const QString root = QStringLiteral(KAPPASCOPE_SOURCE_DIR);

/// From the ground up: a file may include from its own folder and from those before it.
const QStringList engineFloors{"core",         "data",      "network",   "normalization", "preconditioning",
                               "optimization", "curvature", "telemetry", "probes",        "training",
                               "laboratory",   "files",     "studies"};
const QStringList houseFloors{"engine", "ui", "app"};

/// Longer ones are to be split.
constexpr int longestFile = 450;

struct Include {
    QString file, line, path;
};

QStringList sources(const QString& folder) {
    QStringList files;
    QDirIterator all(root + '/' + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext())
        files << QDir(root).relativeFilePath(all.next());
    files.sort();
    return files;
}

QStringList linesOf(const QString& file) {
    QFile source(root + '/' + file);
    return source.open(QIODevice::ReadOnly) ? QString::fromUtf8(source.readAll()).split('\n') : QStringList{};
}

QList<Include> includes(const QString& folder) {
    static const QRegularExpression pattern(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"));
    QList<Include> found;
    for (const QString& file : sources(folder))
        for (const QString& line : linesOf(file))
            if (const auto match = pattern.match(line); match.hasMatch())
                found << Include{file, line, match.captured(1)};
    return found;
}

/// The floor that `path` ("engine/data/features.h") stands on, by its folder number `part`; -1 for none of
/// `floors`.
qsizetype floorOf(const QString& path, const QStringList& floors, int part) {
    return floors.indexOf(path.section('/', part, part));
}

QString violations(const QStringList& found) {
    return "\n  " + found.join("\n  ");
}

} // namespace

class WallsTest : public QObject {
    Q_OBJECT
private slots:
    void findsTheSources() {
        QVERIFY(sources("engine").size() > 50);
        QVERIFY(includes("engine").size() > 100);
    }

    void everyEngineFolderHasItsFloor() {
        for (const QString& folder : QDir(root + "/engine").entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QVERIFY2(engineFloors.contains(folder),
                     qPrintable("engine/" + folder + " has no place in the order"));
    }

    void engineFilesIncludeOnlyWhatStandsBelow() {
        QStringList wrong;
        for (const Include& include : includes("engine")) {
            const auto from = floorOf(include.file, engineFloors, 1);
            const auto to = include.path.startsWith("engine/") ? floorOf(include.path, engineFloors, 1) : -1;
            if (to > from) wrong << include.file + ": " + include.line;
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(violations(wrong)));
    }

    void housesIncludeOnlyWhatStandsBelow() {
        QStringList wrong;
        for (const QString& house : houseFloors)
            for (const Include& include : includes(house))
                if (floorOf(include.path, houseFloors, 0) > houseFloors.indexOf(house))
                    wrong << include.file + ": " + include.line;
        QVERIFY2(wrong.isEmpty(), qPrintable(violations(wrong)));
    }

    void theEngineNeverSeesQt() {
        static const QRegularExpression qt(QStringLiteral("^(Q[A-Z]|Qt|qt|qcustomplot|qglobal)"));
        QStringList wrong;
        for (const Include& include : includes("engine"))
            if (qt.match(include.path).hasMatch()) wrong << include.file + ": " + include.line;
        QVERIFY2(wrong.isEmpty(), qPrintable(violations(wrong)));
    }

    void onlyTheSessionSpeaksToTheLaboratory() {
        QStringList wrong;
        for (const Include& include : includes("ui"))
            if (include.path == "engine/laboratory/laboratory.h" && !include.file.startsWith("ui/session"))
                wrong << include.file + ": " + include.line;
        QVERIFY2(wrong.isEmpty(), qPrintable(violations(wrong)));
    }

    void everyFileNamesItsLicence() {
        QStringList wrong;
        for (const char* folder : {"engine", "ui", "app", "tests", "benchmarks"})
            for (const QString& file : sources(folder))
                if (!linesOf(file).value(0).contains("SPDX-License-Identifier: GPL-3.0-or-later"))
                    wrong << file;
        QVERIFY2(wrong.isEmpty(), qPrintable(violations(wrong)));
    }

    void filesCanBeReadAtASitting() {
        QStringList wrong;
        for (const char* folder : {"engine", "ui", "app"})
            for (const QString& file : sources(folder))
                if (const auto length = linesOf(file).size(); length > longestFile)
                    wrong << file + ": " + QString::number(length) + " lines";
        QVERIFY2(wrong.isEmpty(), qPrintable(violations(wrong)));
    }
};

QTEST_APPLESS_MAIN(WallsTest)
#include "walls_test.moc"
