// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/manual_dialog.h"

#include <QDesktopServices>
#include <QFile>
#include <QRegularExpression>
#include <QTextBlock>
#include <QTextBrowser>
#include <QTextCursor>
#include <QTextList>
#include <QTextTable>
#include <QUrl>
#include <QVBoxLayout>

static void initializeManual() {
    Q_INIT_RESOURCE(manual); // a static library's resources are dropped unless asked for; not in a namespace
}

namespace kappascope::ui {

namespace {

/// What a reader of the window needs: neither the pictures of it nor how to build it.
QString manualText() {
    initializeManual();
    QFile file(QStringLiteral(":/manual/README.md"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString text = QString::fromUtf8(file.readAll());
    static const QRegularExpression figures(QStringLiteral("^<img .*\n"),
                                            QRegularExpression::MultilineOption);
    text.remove(figures);
    return text.mid(std::max<qsizetype>(0, text.indexOf(QStringLiteral("\n## A tour"))));
}

/// Markdown comes without air between its paragraphs, and with lines of code that do not wrap.
void setOut(QTextDocument& document) {
    constexpr int margin = 16, belowText = 8, aboveHeading = 14;
    document.setDocumentMargin(margin);
    QTextCursor cursor(&document);
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextBlockFormat format = block.blockFormat();
        const bool inTable = QTextCursor(block).currentTable() != nullptr;
        const bool code = format.hasProperty(QTextFormat::BlockCodeFence);
        format.setNonBreakableLines(false);
        if (!inTable) format.setBottomMargin(code || block.textList() ? belowText / 4 : belowText);
        if (format.headingLevel() > 0) format.setTopMargin(aboveHeading);
        cursor.setPosition(block.position());
        cursor.setBlockFormat(format);
    }
}

} // namespace

ManualDialog::ManualDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Manual"));
    setObjectName(QStringLiteral("manual"));
    auto* text = new QTextBrowser(this);
    text->setObjectName(QStringLiteral("manual-text"));
    text->setFrameShape(QFrame::NoFrame);
    text->setOpenLinks(false);
    text->setMarkdown(manualText());
    text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setOut(*text->document());
    connect(text, &QTextBrowser::anchorClicked, this, [](const QUrl& link) {
        if (!link.isRelative()) QDesktopServices::openUrl(link); // the others lead to the sources
    });
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    resize(760, 640);
}

} // namespace kappascope::ui
