// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/evaluate_setup.h"

#include "core/eval/evaluator.h"
#include "core/model/device.h"
#include "core/run/cache_folder.h"
#include "core/run/workspace.h"

#include <ATen/core/Tensor.h>

#include <algorithm>

namespace clwb::run
{

data::DataNeeds dataNeedsOf(const EvaluateRequest& request)
{
    const auto wants = [&](const char* part) {
        return std::find(request.what.begin(), request.what.end(), part) != request.what.end();
    };
    data::DataNeeds needs;
    needs.checkMemory = checkedImagesFile();
    needs.train = false;
    needs.validation = request.split == "val";
    needs.test = wants("ut") && !needs.validation;
    needs.testSplit = !needs.validation;
    needs.zeroShot = wants("zs");
    needs.retrieval = wants("retrieval") || wants("shuffle");
    return needs;
}

eval::EvaluatorOptions evaluatorOptionsOf(const EvaluateRequest& request)
{
    eval::EvaluatorOptions options;
    options.what = request.what;
    options.shuffleSeeds = request.shuffleSeeds;
    options.labelSpace = request.labelSpace;
    options.encode.batchSize = request.batchSize;
    options.encode.loaderThreads = loaderThreads();
    options.encode.precision = request.precision;
    options.encode.stop = request.stop;
    options.encode.progress = request.progress;
    return options;
}

Result<Evaluation> evaluateModel(const EvaluateRequest& request)
{
    model::useThreads(request.threads);
    CLWB_ASSIGN(const at::Device device, model::chooseDevice(request.device));
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(request.study));
    CLWB_ASSIGN(OpenModel open, openModel(request.model));
    open.model.moveTo(device);
    CLWB_ASSIGN(const data::StudyData data,
                data::loadStudyData(study, dataNeedsOf(request), request.stop));
    const eval::Split split = request.split == "val" ? eval::Split::Validation : eval::Split::Test;
    CLWB_ASSIGN(const std::vector<std::string> missing,
                eval::checkParts(study, data, request.what, split,
                                 request.requireAll ? eval::Parts::All : eval::Parts::Any));
    CLWB_ASSIGN(const Pictures pictures, openPictures(study, open.model.preprocess.size));

    eval::Evaluator evaluator(study, data, open.tokenizer, *pictures.crops, *pictures.whole,
                              evaluatorOptionsOf(request));
    Evaluation result;
    CLWB_ASSIGN(result.record, evaluator.evaluate(open.model, request.setting,
                                                  request.finishedSessions, split, {}));
    result.studySha256 = study.sha256;
    result.warnings = open.notes;
    for (const std::string& part : missing)
        result.warnings.push_back("not evaluated: " + part);
    for (const data::Problem& problem : data.problems) {
        if (problem.severity != data::Problem::Severity::Note)
            result.warnings.push_back(problem.what + ": " + problem.where);
    }
    if (evaluator.truncatedCaptions() > 0) {
        result.warnings.push_back(std::to_string(evaluator.truncatedCaptions()) +
                                  " captions are longer than the model's context and were cut");
    }
    CLWB_TRY(pictures.whole->flush());
    CLWB_TRY(pictures.crops->flush());
    return result;
}

} // namespace clwb::run
