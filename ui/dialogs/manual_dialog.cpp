// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/manual_dialog.h"

#include <QDesktopServices>
#include <QFile>
#include <QRegularExpression>
#include <QTextBrowser>
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

} // namespace

ManualDialog::ManualDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Manual"));
    setObjectName(QStringLiteral("manual"));
    auto* text = new QTextBrowser(this);
    text->setObjectName(QStringLiteral("manual-text"));
    text->setFrameShape(QFrame::NoFrame);
    text->setOpenLinks(false);
    text->setMarkdown(manualText());
    connect(text, &QTextBrowser::anchorClicked, this, [](const QUrl& link) {
        if (!link.isRelative()) QDesktopServices::openUrl(link); // the others lead to the sources
    });
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    resize(760, 640);
}

} // namespace kappascope::ui
