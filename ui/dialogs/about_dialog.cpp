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

#include <CLI/Version.hpp>
#include <Eigen/Core>
#include <Spectra/Util/Version.h>
#include <nlohmann/json.hpp>
#include <png.h>
#include <qcustomplot.h>
#include <zlib.h>

namespace kappascope::ui {

namespace {

/// What the program stands on. The versions are those it was built with, but for Qt and zlib, which are
/// loaded.
struct Part {
    QString name, version, licence;
};

QString dotted(int major, int minor, int patch) {
    return QStringLiteral("%1.%2.%3").arg(major).arg(minor).arg(patch);
}

QList<Part> parts() {
    constexpr int plot = QCUSTOMPLOT_VERSION; // 0xMMmmpp
    return {{QStringLiteral("Qt"), QString::fromLatin1(qVersion()), QStringLiteral("LGPL-3.0")},
            {QStringLiteral("QCustomPlot"), dotted(plot >> 16, (plot >> 8) & 0xff, plot & 0xff),
             QStringLiteral("GPL-3.0-or-later")},
            {QStringLiteral("Eigen"), dotted(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION),
             QStringLiteral("MPL-2.0")},
            {QStringLiteral("Spectra"),
             dotted(SPECTRA_MAJOR_VERSION, SPECTRA_MINOR_VERSION, SPECTRA_PATCH_VERSION),
             QStringLiteral("MPL-2.0")},
            {QStringLiteral("Highway"), QStringLiteral(HIGHWAY_VERSION), QStringLiteral("Apache-2.0")},
            {QStringLiteral("JSON for Modern C++"),
             dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH),
             QStringLiteral("MIT")},
            {QStringLiteral("CLI11"), QStringLiteral(CLI11_VERSION), QStringLiteral("BSD-3-Clause")},
            {QStringLiteral("zlib"), QString::fromLatin1(zlibVersion()), QStringLiteral("Zlib")},
            {QStringLiteral("libpng"), QStringLiteral(PNG_LIBPNG_VER_STRING), QStringLiteral("libpng-2.0")}};
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
    QString list;
    for (const Part& part : parts())
        list += QStringLiteral("<li>%1 %2 (%3)</li>").arg(part.name, part.version, part.licence);
    return AboutDialog::tr(
               "<p>Kappascope is free software under the GNU General Public License, version 3 or later. "
               "There is no warranty, to the extent permitted by law.</p>"
               "<p>It stands on:</p><ul>%1</ul>"
               "<p>The data sets iris, wine, breast cancer and digits come from the UCI Machine Learning "
               "Repository, under CC BY 4.0.</p>")
        .arg(list);
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
    QStringList versions;
    for (const Part& part : parts())
        versions << part.name + QLatin1Char(' ') + part.version;
    return QStringLiteral("Kappascope %1 (%2 build)\n%3\n%4, %5, %6, %7 training threads\n")
        .arg(QStringLiteral(KAPPASCOPE_VERSION), buildType(), versions.join(QStringLiteral(", ")),
             QSysInfo::prettyProductName(), QSysInfo::buildAbi(),
             QString::fromLatin1(Eigen::SimdInstructionSetsInUse()))
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
