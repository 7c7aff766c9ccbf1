// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"
#include "engine/data/readers/png.h"

#include <algorithm>
#include <filesystem>

namespace kappascope::data_sets {

namespace {

namespace fs = std::filesystem;

std::string asShape(const PngImage& image) {
    return std::to_string(image.width) + " x " + std::to_string(image.height) + " pixels in " +
           (image.channels == 1 ? "grey" : "colour");
}

std::string lowerCase(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool isHidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

/// What is in a folder and not hidden, by name.
std::vector<fs::path> contentsOf(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (!isHidden(entry.path())) found.push_back(entry.path());
    if (error) throw InputError(folder.string(), "cannot be read: " + error.message());
    std::ranges::sort(found);
    return found;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
    std::vector<fs::path> folders = contentsOf(folder);
    std::erase_if(folders, [](const fs::path& path) { return !fs::is_directory(path); });
    return folders;
}

/// The pictures of one class. Other kinds of pictures are an error, what is no picture is passed over.
std::vector<fs::path> picturesIn(const fs::path& folder) {
    static const std::vector<std::string> others{".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"};
    std::vector<fs::path> pictures;
    for (const fs::path& path : contentsOf(folder)) {
        const std::string extension = lowerCase(path.extension().string());
        if (std::ranges::find(others, extension) != others.end())
            throw InputError(path.string(), "a picture of another kind, expected PNG",
                             "Convert the pictures to PNG.");
        if (extension == ".png") pictures.push_back(path);
    }
    if (pictures.empty())
        throw InputError(folder.string(), "no PNG pictures here, expected those of a class",
                         "Put them into the folder, or take it away.");
    return pictures;
}

/// One part while it is read.
struct Part {
    Dataset data;
    std::vector<std::uint8_t> bytes;
};

/// Every picture must have the shape of the first of all, which `first` names.
void append(Part& part, std::optional<PngImage>& shape, fs::path& first, const fs::path& file, int label) {
    PngImage image = readPng(file);
    if (!shape) {
        shape = PngImage{image.channels, image.height, image.width, {}};
        first = file;
    } else if (shape->channels != image.channels || shape->height != image.height ||
               shape->width != image.width) {
        throw InputError(file.string(),
                         asShape(image) + ", expected " + asShape(*shape) + " as in " + first.string(),
                         "Bring all pictures to one size, all grey or all in colour.");
    }
    part.bytes.insert(part.bytes.end(), image.pixels.begin(), image.pixels.end());
    part.data.labels.push_back(label);
}

class FolderReader {
public:
    FolderReader(const fs::path& folder, const Cancelled* cancelled)
        : folder_(folder), cancelled_(cancelled) {
        std::error_code ignored;
        if (!fs::is_directory(folder, ignored))
            throw InputError(folder.string(),
                             fs::exists(folder, ignored) ? "this is a file, expected a folder with one of "
                                                           "pictures for each class"
                                                         : "there is no such folder",
                             "Check the path.");
        divided_ = fs::is_directory(folder / "train", ignored);
        for (const fs::path& path : foldersIn(divided_ ? folder / "train" : folder))
            names_.push_back(path.filename().string());
        if (names_.size() < 2)
            throw InputError((divided_ ? folder / "train" : folder).string(),
                             std::to_string(names_.size()) + (names_.size() == 1 ? " folder" : " folders") +
                                 " here, expected at least two, one of pictures for each class",
                             "Put the pictures of each class into a folder with its name.");
    }

    RawData read(std::int64_t limit) {
        RawData raw{readPart(divided_ ? folder_ / "train" : folder_, limit), std::nullopt};
        std::error_code ignored;
        if (divided_ && fs::is_directory(folder_ / "test", ignored)) raw.test = readPart(folder_ / "test", 0);
        return raw;
    }

private:
    /// In turn one of each class, so that the first samples are of all classes.
    Dataset readPart(const fs::path& folder, std::int64_t limit) {
        std::vector<std::vector<fs::path>> pictures(names_.size());
        std::size_t longest = 0;
        for (const fs::path& path : foldersIn(folder)) {
            const auto known = std::ranges::find(names_, path.filename().string());
            if (known == names_.end())
                throw InputError(path.string(), "the training part has no class of this name",
                                 "Name the folders in train and test alike.");
            auto& own = pictures[static_cast<std::size_t>(known - names_.begin())];
            own = picturesIn(path);
            longest = std::max(longest, own.size());
        }
        Part part;
        for (std::size_t k = 0; k < longest; ++k)
            for (std::size_t c = 0; c < pictures.size(); ++c) {
                stopIfCancelled(cancelled_);
                if (limit > 0 && std::ssize(part.data.labels) == limit) break;
                if (k < pictures[c].size()) append(part, shape_, first_, pictures[c][k], static_cast<int>(c));
            }
        if (part.data.labels.empty())
            throw InputError(folder.string(), "there are no pictures here",
                             "Put those of each class into a folder with its name, or take it away.");
        Dataset data = std::move(part.data);
        data.name = folder_.filename().string();
        data.source = folder.string();
        data.image = ImageShape{shape_->channels, shape_->height, shape_->width};
        data.classNames = names_;
        const auto features = static_cast<Index>(part.bytes.size() / data.labels.size());
        data.x = Features(features, std::move(part.bytes), 1.0 / data.white);
        return data;
    }

    fs::path folder_;
    const Cancelled* cancelled_;
    bool divided_ = false; ///< into train and test
    std::vector<std::string> names_;
    std::optional<PngImage> shape_; ///< of the first picture, without its pixels
    fs::path first_;
};

} // namespace

DataEntry imageFolder() {
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "image_folder",
        "PNG folders",
        "Pictures in PNG files, all of one size, grey or in colour, values 0 to 1: a folder with one for "
        "each "
        "class, which gives it its name, or with two folders train and test of such.",
        "",
        {Parameter::integer("limit", "Limit",
                            "Uses only so many training pictures, in turn one of each class; 0: all.", 0, 0,
                            100'000'000)}};
    entry.fromFiles = true;
    entry.images = true;
    entry.load = [](const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
        fs::path folder = spec.path;
        if (!folder.has_filename()) folder = folder.parent_path(); // "pictures/"
        return FolderReader(folder, cancelled).read(spec.parameters.integer("limit"));
    };
    return entry;
}

} // namespace kappascope::data_sets
