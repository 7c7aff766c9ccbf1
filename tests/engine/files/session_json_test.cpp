// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/session_json.h"

#include "engine/files/experiment_json.h"
#include "tests/support/input_errors.h"
#include "tests/support/json_schema.h"
#include "tests/support/random_experiment.h"

#include <QtTest>

using namespace kappascope;

namespace {

Experiment start() {
    return parseExperiment(
        "{\"kappascope\": 1, \"runs\": [{\"name\": \"A\"}, {\"name\": \"B\"}, {\"name\": \"C\"}]}");
}

/// A session whose user renamed B, added D, removed A, and turned BN on in C.
SessionDocument session() {
    SessionDocument session;
    session.start = start();
    session.step = 500;
    session.playing = true;
    session.speed = 30.5;
    session.window = "{\"docks\":\"AAEC\",\"tabs\":[1,2,{\"deep\":null}]}";
    Experiment now = session.start;
    const auto record = [&](std::int64_t step, const char* what) {
        session.changes.push_back({step, what, now});
    };
    now.runs[1].name = "B2";
    record(10, "B renamed");
    now.runs.push_back(now.runs[2]);
    now.runs[3].name = "D";
    now.runs[3].id = 4;
    now.runs[3].forkOf = "C";
    record(20, "D added");
    now.runs.erase(now.runs.begin());
    record(20, "A removed");
    now.runs[1].normalization = membersUnder("normalization")->spec(*membersUnder("normalization")->list[1]);
    now.learningRate = 0.1 + 1e-17 + 0.2;
    record(499, "BN on \"C\"");
    return session;
}

std::string document(const char* log) {
    return std::string("{\"kappascope\": 1, \"session\": ") + log + "}";
}

QString errorOf(const char* log) {
    return test::inputErrorOf([&] { parseSession(document(log), "f.kappa"); });
}

void compare(const SessionDocument& a, const SessionDocument& b) {
    QVERIFY(a.start == b.start);
    QCOMPARE(a.step, b.step);
    QCOMPARE(a.playing, b.playing);
    QCOMPARE(a.speed, b.speed);
    QCOMPARE(nlohmann::json::parse(a.window), nlohmann::json::parse(b.window));
    QCOMPARE(a.changes.size(), b.changes.size());
    for (std::size_t i = 0; i < a.changes.size(); ++i) {
        QCOMPARE(a.changes[i].step, b.changes[i].step);
        QCOMPARE(a.changes[i].description, b.changes[i].description);
        QVERIFY2(a.changes[i].after == b.changes[i].after, a.changes[i].description.c_str());
    }
}

} // namespace

class SessionJsonTest : public QObject {
    Q_OBJECT
private slots:
    void everythingSurvivesARoundTripIdsToo() { compare(parseSession(formatSession(session())), session()); }

    void theTextIsStable() {
        const std::string text = formatSession(session());
        QCOMPARE(formatSession(parseSession(text)), text);
    }

    void anExperimentIsASessionAtItsStart() {
        const SessionDocument plain = parseSession("{\"kappascope\": 1, \"name\": \"x\"}");
        QCOMPARE(plain.start.name, std::string("x"));
        QVERIFY(plain.changes.empty() && plain.window.empty());
        QCOMPARE(plain.step, std::int64_t{0});
    }

    void randomChangesSurviveARoundTrip() {
        test::RandomExperiment random(5);
        // Random experiments are not valid as a whole: a session of them is written, and the patches applied
        // by hand are compared.
        for (int i = 0; i < 20; ++i) {
            SessionDocument drawn;
            drawn.start = random.draw();
            drawn.step = 3;
            for (int k = 1; k <= 3; ++k)
                drawn.changes.push_back({k, "change", random.draw()});
            auto written = nlohmann::json::parse(formatSession(drawn));
            const auto log = written["session"]["changes"];
            written.erase("session");
            for (int k = 0; k < 3; ++k) {
                written = written.patch(log[k]["patch"]);
                QCOMPARE(written, nlohmann::json::parse(formatExperiment(drawn.changes[k].after)));
            }
        }
    }

    void theSchemaAcceptsSessions() {
        const test::JsonSchema schema(nlohmann::json::parse(experimentSchema()));
        QVERIFY(schema.accepts(nlohmann::json::parse(formatSession(session()))));
        QVERIFY(!schema.accepts(nlohmann::json::parse(document("{\"steps\": 1}"))));
    }

    void aFileHoldsTheSame() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("s.kappa").toStdString();
        saveSession(session(), file);
        compare(loadSession(file), session());
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QString>("log");
        QTest::addColumn<QString>("error");
        const auto add = [](const char* name, const char* log, const char* error) {
            QTest::newRow(name) << QString(log) << QString(error);
        };
        add("list", "[]", "session: found a list, expected an object { ... }.");
        add("key", "{\"steps\": 1}", "session.steps: unknown key. Did you mean 'step'?");
        add("step", "{\"step\": -1}",
            "session.step: -1 is out of range, expected a whole number in [0, 1e+12].");
        add("window", "{\"window\": \"big\"}",
            "session.window: found the text \"big\", expected an object { ... }.");
        add("changes", "{\"changes\": {}}", "session.changes: found an object, expected a list of changes.");
        add("change", "{\"changes\": [3]}",
            "session.changes[0]: found the number 3, expected an object { ... }.");
        add("patch", "{\"changes\": [{\"patch\": {}}]}",
            "session.changes[0].patch: found an object, expected a JSON Patch, a list.");
        add("late", "{\"step\": 5, \"changes\": [{\"step\": 6}]}",
            "session.changes[0].step: 6 is out of order, expected 0 to 5.");
        add("disorder", "{\"step\": 5, \"changes\": [{\"step\": 4}, {\"step\": 3}]}",
            "session.changes[1].step: 3 is out of order, expected 4 to 5.");
        add("no operation", "{\"changes\": [{\"patch\": [{\"path\": \"/name\"}]}]}",
            "session.changes[0].patch: does not fit the experiment before it: parse error: operation must "
            "have "
            "member 'op'.");
        add("nowhere",
            "{\"changes\": [{\"patch\": [{\"op\": \"replace\", \"path\": \"/nome\", \"value\": 1}]}]}",
            "session.changes[0].patch: does not fit the experiment before it: key 'nome' not found.");
        add("wrong value",
            "{\"changes\": [{\"patch\": [{\"op\": \"replace\", \"path\": \"/batch_size\", \"value\": 0}]}]}",
            "session.changes[0]: batch_size: 0 is out of range, expected a whole number in [1, 10000000].");
    }
    void mistakesAreNamed() {
        QFETCH(QString, log);
        QFETCH(QString, error);
        QCOMPARE(errorOf(qPrintable(log)), "f.kappa: " + error);
    }
};

QTEST_APPLESS_MAIN(SessionJsonTest)
#include "session_json_test.moc"
