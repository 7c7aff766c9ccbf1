// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/about_dialog.h"

#include "ui/theme/theme.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QIcon>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QTabWidget>
#include <QVBoxLayout>

#include <Eigen/Core>
#include <nlohmann/json.hpp>
#include <qcustomplot.h>
#include <zlib.h>

namespace kappascope::ui {

namespace {

QString eigenVersion() {
    return QStringLiteral("%1.%2.%3")
        .arg(EIGEN_WORLD_VERSION)
        .arg(EIGEN_MAJOR_VERSION)
        .arg(EIGEN_MINOR_VERSION);
}

QString customPlotVersion() {
    // QCUSTOMPLOT_VERSION is 0xMMmmpp.
    const int version = QCUSTOMPLOT_VERSION;
    return QStringLiteral("%1.%2.%3").arg(version >> 16).arg((version >> 8) & 0xff).arg(version & 0xff);
}

QString jsonVersion() {
    return QStringLiteral("%1.%2.%3")
        .arg(NLOHMANN_JSON_VERSION_MAJOR)
        .arg(NLOHMANN_JSON_VERSION_MINOR)
        .arg(NLOHMANN_JSON_VERSION_PATCH);
}

QString buildType() {
#ifdef NDEBUG
    return QStringLiteral("release");
#else
    return QStringLiteral("debug");
#endif
}

QString introduction() {
    return AboutDialog::tr(
        "<p>Watch how the conditioning of a neural network's training changes with batch normalization, "
        "batch "
        "normalization preconditioning, and the optimizer: several copies of one network train side by side, "
        "from the same weights, on the same mini-batches.</p>"
        "<p>The method at its heart is Batch Normalization Preconditioning: S. Lange, K. Helfrich, Q. Ye, "
        "<i>Batch Normalization Preconditioning for Neural Network Training</i>, Journal of Machine Learning "
        "Research 23(72):1–41, 2022.</p>"
        "<p>This program never uses the network and collects nothing about its use.</p>");
}

QString licences() {
    return AboutDialog::tr(
               "<p>Kappascope is free software under the GNU General Public License, version 3 or later. "
               "There is no "
               "warranty, to the extent permitted by law.</p>"
               "<p>It stands on:</p><ul>"
               "<li>Qt %1 (LGPL-3.0)</li><li>QCustomPlot %2 (GPL-3.0)</li><li>Eigen %3 (MPL-2.0)</li>"
               "<li>JSON for Modern C++ %4 (MIT)</li><li>zlib %5 (zlib licence)</li></ul>")
        .arg(QString::fromLatin1(qVersion()), customPlotVersion(), eigenVersion(), jsonVersion(),
             QString::fromLatin1(zlibVersion()));
}

QWidget* textPage(const QString& html, QWidget* parent) {
    auto* label = new QLabel(html, parent);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setMargin(12);
    return label;
}

QWidget* plainPage(const QString& text, QWidget* parent) {
    auto* page = new QWidget(parent);
    auto* edit = new QPlainTextEdit(text, page);
    edit->setReadOnly(true);
    auto* copy = new QPushButton(AboutDialog::tr("Copy"), page);
    QObject::connect(copy, &QPushButton::clicked, page,
                     [text] { QGuiApplication::clipboard()->setText(text); });
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(edit);
    layout->addWidget(copy, 0, Qt::AlignRight);
    return page;
}

} // namespace

QString versionDetails(int threads) {
    return QStringLiteral("Kappascope %1 (%2 build)\nQt %3, QCustomPlot %4, Eigen %5 (%6), JSON %7, zlib %8\n"
                          "%9, %10, %11 training threads\n")
        .arg(QStringLiteral(KAPPASCOPE_VERSION), buildType(), QString::fromLatin1(qVersion()),
             customPlotVersion(), eigenVersion(), QString::fromLatin1(Eigen::SimdInstructionSetsInUse()),
             jsonVersion(), QString::fromLatin1(zlibVersion()), QSysInfo::prettyProductName(),
             QSysInfo::buildAbi())
        .arg(threads);
}

QString citation() {
    return QStringLiteral(
               "@article{lange2022bnp,\n"
               "  author  = {Lange, Susanna and Helfrich, Kyle and Ye, Qiang},\n"
               "  title   = {Batch Normalization Preconditioning for Neural Network Training},\n"
               "  journal = {Journal of Machine Learning Research},\n"
               "  volume  = {23},\n  number  = {72},\n  pages   = {1--41},\n  year    = {2022}\n}\n\n"
               "@software{kappascope,\n"
               "  title   = {Kappascope: an instrument for the conditioning of neural-network "
               "training},\n"
               "  version = {%1}\n}\n")
        .arg(QStringLiteral(KAPPASCOPE_VERSION));
}

AboutDialog::AboutDialog(int threads, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("About Kappascope"));
    setObjectName(QStringLiteral("about"));
    auto* head = new QHBoxLayout;
    auto* picture = new QLabel(this);
    picture->setPixmap(QGuiApplication::windowIcon().pixmap(48, 48));
    auto* title = new QLabel(tr("<b>Kappascope</b> %1").arg(QStringLiteral(KAPPASCOPE_VERSION)), this);
    title->setFont(Theme::instance().runName());
    head->addWidget(picture);
    head->addWidget(title, 1);
    auto* tabs = new QTabWidget(this);
    tabs->addTab(textPage(introduction(), tabs), tr("About"));
    tabs->addTab(plainPage(citation(), tabs), tr("How to cite"));
    tabs->addTab(textPage(licences(), tabs), tr("Licences"));
    tabs->addTab(plainPage(versionDetails(threads), tabs), tr("Versions"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addLayout(head);
    layout->addWidget(tabs, 1);
    layout->addWidget(buttons);
    resize(520, 420);
}

} // namespace kappascope::ui
