// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tabular_font.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QHash>
#include <QRawFont>
#include <QtEndian>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr double rounding = 0.05; ///< pixels: shaping works in 64ths, hinting may move by one or two
}

bool hasTabularFigures(const QFont& font) {
    static QHash<QString, bool> known; // asked for every number that is painted
    const QString key = font.key();
    if (const auto found = known.constFind(key); found != known.constEnd()) return *found;
    const QFontMetricsF metrics(font);
    const double width =
        metrics.horizontalAdvance(QStringLiteral("0")); // a string: features apply to no QChar
    bool equal = true;
    for (char16_t digit = u'1'; digit <= u'9'; ++digit)
        equal = equal && std::abs(metrics.horizontalAdvance(QString(QChar(digit))) - width) < rounding;
    return *known.insert(key, equal);
}

#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)

QFont tabular(const QFont& font) {
    QFont result(font);
    if (!hasTabularFigures(font)) result.setFeature(QFont::Tag("tnum"), 1);
    return result;
}

#else

// Before Qt 6.7 a program cannot ask a font for a feature, but features that the OpenType standard wants on
// by default are always shaped. So the font is loaded a second time under another family name, with its
// feature "tnum" relabelled "rclt" (required contextual alternates: on by default, hardly ever used). The
// glyphs are the font's own; nothing is written to disk.

namespace {

constexpr auto fontTables = {"BASE", "CFF ", "CFF2", "GDEF", "GPOS", "GSUB", "HVAR", "MVAR", "OS/2",
                             "STAT", "VORG", "avar", "cmap", "cvt ", "fpgm", "fvar", "gasp", "glyf",
                             "gvar", "head", "hhea", "hmtx", "kern", "loca", "maxp", "post", "prep"};

void put16(QByteArray& bytes, quint16 value) {
    char big[2];
    qToBigEndian(value, big);
    bytes.append(big, 2);
}

void put32(QByteArray& bytes, quint32 value) {
    char big[4];
    qToBigEndian(value, big);
    bytes.append(big, 4);
}

/// An OpenType table "name" with family, style and full name (platform Windows, Unicode, US English).
QByteArray nameTable(const QString& family, const QString& style) {
    const std::pair<quint16, QString> names[] = {{1, family},
                                                 {2, style},
                                                 {4, family + u' ' + style},
                                                 {6, QString(family).remove(u' ') + u'-' + style}};
    QByteArray strings, table;
    put16(table, 0);
    put16(table, quint16(std::size(names)));
    put16(table, quint16(6 + 12 * std::size(names)));
    for (const auto& [id, text] : names) {
        for (const quint16 field :
             {quint16(3), quint16(1), quint16(0x409), id, quint16(2 * text.size()), quint16(strings.size())})
            put16(table, field);
        for (const QChar letter : text)
            put16(strings, letter.unicode());
    }
    return table + strings;
}

/// Relabels "tnum" in the list of features of a table "GSUB"; false when there is none.
bool relabelFigures(QByteArray& gsub) {
    if (gsub.size() < 10) return false;
    const auto* bytes = reinterpret_cast<const uchar*>(gsub.constData());
    const qsizetype list = qFromBigEndian<quint16>(bytes + 6);
    if (list + 2 > gsub.size()) return false;
    const int features = qFromBigEndian<quint16>(bytes + list);
    bool found = false;
    for (int i = 0; i < features; ++i) {
        const qsizetype record = list + 2 + 6 * qsizetype(i); // tag, offset
        if (record + 6 > gsub.size() || gsub.mid(record, 4) != "tnum") continue;
        gsub.replace(record, 4, "rclt");
        found = true;
    }
    return found;
}

/// The font of `raw` put together again under another name, or empty when it has no tabular figures.
QByteArray withTabularFigures(const QRawFont& raw, const QString& family) {
    std::vector<std::pair<QByteArray, QByteArray>> tables{{"name", nameTable(family, raw.styleName())}};
    bool relabelled = false, outlines = false;
    for (const char* tag : fontTables) {
        QByteArray table = raw.fontTable(tag);
        if (table.isEmpty()) continue;
        if (qstrcmp(tag, "GSUB") == 0) relabelled = relabelFigures(table);
        outlines = outlines || qstrncmp(tag, "CFF", 3) == 0;
        tables.emplace_back(tag, table);
    }
    if (!relabelled) return {};
    std::ranges::sort(tables);

    QByteArray font, body;
    put32(font, outlines ? 0x4f54544f : 0x00010000); // "OTTO" or TrueType
    put16(font, quint16(tables.size()));
    for (int i = 0; i < 3; ++i)
        put16(font, 0); // search hints, which no reader needs
    const qsizetype start = 12 + 16 * qsizetype(tables.size());
    for (const auto& [tag, table] : tables) {
        font.append(tag);
        put32(font, 0); // checksum, likewise
        put32(font, quint32(start + body.size()));
        put32(font, quint32(table.size()));
        body.append(table);
        body.append((4 - table.size() % 4) % 4, '\0');
    }
    return font + body;
}

/// The family that holds `font` with tabular figures; empty when there is none. Each weight is a family of
/// its own, so that the font database need not choose among them.
QString tabularFamily(const QFont& font) {
    static QHash<QString, QString> families;
    const QString key =
        font.family() + u'/' + QString::number(font.weight()) + QLatin1String(font.italic() ? "i" : "");
    if (const auto known = families.constFind(key); known != families.constEnd()) return *known;
    const QRawFont raw = QRawFont::fromFont(font);
    const QString name = QStringLiteral("%1 Figures %2").arg(raw.familyName()).arg(font.weight());
    const QByteArray data = raw.isValid() ? withTabularFigures(raw, name) : QByteArray();
    const int id = data.isEmpty() ? -1 : QFontDatabase::addApplicationFontFromData(data);
    const QStringList loaded = QFontDatabase::applicationFontFamilies(id);
    return *families.insert(key, loaded.value(0));
}

} // namespace

QFont tabular(const QFont& font) {
    if (hasTabularFigures(font)) return font;
    const QString family = tabularFamily(font);
    if (family.isEmpty()) return font;
    QFont result(font);
    result.setFamilies({family, font.family()});
    return hasTabularFigures(result) ? result : font;
}

#endif

} // namespace kappascope::ui
