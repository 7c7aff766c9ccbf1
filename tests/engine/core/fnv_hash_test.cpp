// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/fnv_hash.h"

#include <QTest>
#include <cstring>

using namespace kappascope;

class FnvHashTest : public QObject {
    Q_OBJECT
private slots:
    void givesThePublishedValues() {
        // From the test vectors of the FNV reference code (64-bit FNV-1a).
        const auto hashOf = [](const char* text) {
            FnvHash hash;
            hash.add(text, std::strlen(text));
            return hash.value();
        };
        QCOMPARE(hashOf(""), 0xcbf29ce484222325ULL);
        QCOMPARE(hashOf("a"), 0xaf63dc4c8601ec8cULL);
        QCOMPARE(hashOf("foobar"), 0x85944171f73967e8ULL);
    }

    void countsAllThatAreNotANumberAsOne() {
        FnvHash a, b;
        a.add(std::nan("1"));
        b.add(-std::nan("2"));
        QCOMPARE(a.value(), b.value());
    }
};

QTEST_APPLESS_MAIN(FnvHashTest)
#include "fnv_hash_test.moc"
